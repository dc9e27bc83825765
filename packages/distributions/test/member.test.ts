import { describeInvalidParameter, random } from '@conjugate/distributions'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { families } from './support/families/index.js'
import { pairs } from './support/pairs.js'

type Path = ReadonlyArray<string | number>

/** All places of a value that hold numbers, arrays or objects. */
const places = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.keys(value).flatMap(key => places((value as Record<string, unknown>)[key], [...path, key]))]
    : [path]

/** A copy with something else at a place; typed arrays become plain ones, which hold anything. */
const replaced = (value: unknown, [step, ...rest]: Path, by: unknown): unknown => {
  if (step === undefined) return by
  const copy = (ArrayBuffer.isView(value) ? Array.from(value as Float64Array) : structuredClone(value)) as Record<
    string,
    unknown
  >
  if (rest.length === 0 && by === undefined) delete copy[step]
  else copy[step] = replaced(copy[step], rest, by)
  return copy
}

const wrong: ReadonlyArray<unknown> = [
  undefined,
  null,
  'x',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  {},
  [],
  [[1]],
  1e9,
  true,
]

/** It comes back itself. */
const comesBack = (member: ((value: unknown) => E.Either<never, unknown>) | undefined, p: unknown): void => {
  const checked = member!(p)
  expect(E.isRight(checked) && checked.right).toBe(p)
}

describe.each(families.map(c => [c.family.name, c] as const))('a member of %s', (_, { family, members }) => {
  const member = family.member as never

  test('is one, and comes back as it is', () => {
    for (const p of members) comesBack(member, p)
  })

  test('is none with anything else in a place', () => {
    for (const path of places(members[0]))
      for (const by of wrong) {
        // Another number may make another member.
        if (by === 1e9 && typeof at(members[0], path) === 'number') continue
        const checked = family.member!(replaced(members[0], path, by)) as E.Either<never, unknown>
        expect.soft(E.isLeft(checked), `${path.join('.')} is ${String(by)}`).toBe(true)
        if (E.isLeft(checked)) expect(describeInvalidParameter(checked.left)).not.toMatch(/undefined|\n/)
      }
  })
})

const at = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((v, step) => (v as Record<string, unknown>)[step], value)

describe.each(pairs.map(p => [p.name, p] as const))('of %s', (_, { prior, hyperparameters }) => {
  test('what the prior draws and its mode are members, and the prior is one of its family', () => {
    comesBack(prior.family.member as never, hyperparameters)
    comesBack(prior.likelihood.member as never, prior.family.sample(hyperparameters)(random(1)))
    const mode = prior.jointMode(hyperparameters)
    if (E.isRight(mode)) comesBack(prior.likelihood.member as never, mode.right)
  })
})
