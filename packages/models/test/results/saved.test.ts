import { type ComponentTypes, describeFitError, fit, fitFromText, fitToText, type Mixture } from '@conjugate/models'
import { rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { describe, expect, test } from 'vitest'
import { mixtures } from '../mixture/mixtures.js'

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null
type Path = ReadonlyArray<string>

const placesOf = (value: Json, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, part]) => placesOf(part, [...path, key]))]
    : [path]

const at = (value: Json, path: Path): Json => path.reduce((v, step) => (v as Record<string, Json>)[step]!, value)

/** The text with a place of its JSON changed. */
const changed = (text: string, path: Path, change: (holder: Record<string, Json>, key: string) => void): string => {
  const all = JSON.parse(text) as Json
  change(at(all, path.slice(0, -1)) as Record<string, Json>, path.at(-1)!)
  return JSON.stringify(all)
}

/** What every place may be replaced with, none of which it can be. */
const others: ReadonlyArray<Json> = [
  null,
  { $number: 'NaN' },
  { $number: '-Infinity' },
  'x',
  [],
  {},
  [[]],
  { $float64: [] },
]

/** Nothing else in a fit says how many observations or restarts there were. */
const ofAnyLength = /^fit\.(assignments\.\$int32|restarts)$/
/** Numbers that cannot be negative. */
const nonnegative = /^fit\.(weights|expectedCounts|assignments|distinctRows)/

const untyped = mixtures as unknown as ReadonlyArray<{
  readonly name: string
  readonly mixture: Mixture<ComponentTypes>
  readonly observations: ReadonlyArray<unknown>
}>

describe.each(untyped.map(({ name, ...rest }) => [name, rest] as const))('the text of a fit: %s', (_, row) => {
  const { mixture, observations } = row
  const write = (): Promise<string> =>
    rightOf(
      pipe(
        fit(mixture, observations.slice(0, 24), { iterations: 1, start: { _tag: 'k-means' } }),
        TE.chainEitherK(fitted => fitToText(mixture, fitted)),
      ),
    )
  const read = (text: string) => fitFromText(mixture, text)

  test('comes back with every bit', async () => {
    const text = await write()
    const back = read(text)
    expect(
      pipe(
        back,
        E.chain(fitted => fitToText(mixture, fitted)),
      ),
    ).toStrictEqual(E.right(text))
  })

  test('is refused with anything else in a place, which the error names', async () => {
    const text = await write()
    const refuse = (what: string, tampered: string, path: Path): void => {
      const result = read(tampered)
      expect.soft(E.isLeft(result), `${path.join('.')} ${what}`).toBe(true)
      if (E.isRight(result)) return
      const line = describeFitError(result.left)
      expect.soft(line).toMatch(/^the text is no fit of this model: its (text|fit|format|version|name|definition)/)
      expect.soft(line.length).toBeLessThan(300)
    }
    const places = placesOf(JSON.parse(text) as Json).filter(path => path.length > 0)
    for (const path of places) {
      const name = path.join('.')
      const value = at(JSON.parse(text) as Json, path)
      // The definition has to be the same, whatever is done to it.
      if (path[0] === 'definition' && path.length > 1) continue
      if (!Array.isArray(at(JSON.parse(text) as Json, path.slice(0, -1))))
        refuse(
          'is deleted',
          changed(text, path, (holder, key) => delete holder[key]),
          path,
        )
      for (const other of others) {
        if (typeof value === 'string' && typeof other === 'string' && name === 'fit.backend') continue
        if (JSON.stringify(value) === JSON.stringify(other)) continue
        refuse(
          `is ${JSON.stringify(other)}`,
          changed(text, path, (holder, key) => {
            holder[key] = other
          }),
          path,
        )
      }
      if (Array.isArray(value) && value.length > 0 && !ofAnyLength.test(name)) {
        refuse(
          'is longer',
          changed(text, path, (holder, key) => (holder[key] as Json[]).push(value.at(-1)!)),
          path,
        )
        refuse(
          'is shorter',
          changed(text, path, (holder, key) => (holder[key] as Json[]).pop()),
          path,
        )
      }
      if (typeof value === 'number' && nonnegative.test(name))
        refuse(
          'is negative',
          changed(text, path, (holder, key) => {
            holder[key] = -1 - value
          }),
          path,
        )
    }
  })
})
