import { logProbabilityPlot, scatterPlot } from '@conjugate/figures'
import * as E from 'fp-ts/lib/Either.js'
import type * as TE from 'fp-ts/lib/TaskEither.js'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'

/** How many pixels are close to a colour. */
const near = async (png: Uint8Array, colour: readonly [number, number, number]): Promise<number> => {
  const data = await sharp(png).removeAlpha().raw().toBuffer()
  let count = 0
  for (let at = 0; at < data.length; at += 3) {
    if (colour.every((c, i) => Math.abs(c - (data[at + i] ?? 0)) < 12)) count++
  }
  return count
}

const BLUE = [0, 114, 178] as const
const ORANGE = [213, 94, 0] as const

const right = async (task: TE.TaskEither<{ readonly reason: string }, Uint8Array>): Promise<Uint8Array> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(result.left.reason)
  return result.right
}

describe('logProbabilityPlot', () => {
  const rising = Array.from({ length: 101 }, (_, i) => 1.7626e6 - 2e5 * Math.exp(-i / 8))

  it('draws a curve on white', async () => {
    const png = await right(logProbabilityPlot({ title: 'fox <1> & more', values: rising }))
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 1800, height: 1200, channels: 3 })
    expect(await near(png, BLUE)).toBeGreaterThan(2000)
    expect(await near(png, [255, 255, 255])).toBeGreaterThan(1e6)
  })

  it('leaves the first value out', async () => {
    const from = (first: number) => right(logProbabilityPlot({ title: 't', values: [first, ...rising.slice(1)] }))
    expect(Buffer.compare(await from(-1e9), await from(0))).toBe(0)
  })

  it.each([
    ['one value after the first', [0, -1234.5]],
    ['a constant', [0, -7, -7, -7]],
    ['a change in the last digits', [0, 1.762601e6, 1.7626010001e6]],
  ])('draws %s', async (_, values) => {
    expect(E.isRight(await logProbabilityPlot({ title: 't', values })())).toBe(true)
  })

  it('says that one value is not enough', async () => {
    expect(await logProbabilityPlot({ title: 't', values: [1] })()).toMatchObject(
      E.left({ _tag: 'FigureFailed', reason: 'there is no second value to plot from' }),
    )
  })
})

describe('scatterPlot', () => {
  it('draws each component in its colour', async () => {
    const unit = [
      [1, 0],
      [0, 1],
    ] as const
    const png = await right(
      scatterPlot({
        title: 'two',
        points: [0, 0, 1, 1, 8, 8, 9, 9],
        assignments: [0, 0, 1, 1],
        components: [
          { mean: [0, 0], covariance: unit },
          { mean: [8, 8], covariance: unit },
        ],
        truth: [{ mean: [0, 0], covariance: unit }],
      }),
    )
    expect(await near(png, BLUE)).toBeGreaterThan(2000)
    expect(await near(png, ORANGE)).toBeGreaterThan(2000)
  })
})
