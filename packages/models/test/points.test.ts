import { random } from '@conjugate/distributions'
import type { Iteration } from '@conjugate/em'
import { javascript } from '@conjugate/executors'
import { gaussianMixture, initialParameters, onRows } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'

const data = {
  rows: 90,
  columns: 2,
  data: Float64Array.from({ length: 180 }, (_, i) => 1e3 + Math.sin(i) * (1 + (i % 2))),
}

const prior = {
  mean: [1e3, 1e3],
  meanPrecision: 1,
  degreesOfFreedom: 4,
  scale: [
    [1, 0],
    [0, 1],
  ],
}

/** The first points of a path. */
const pointsOf = async (
  count: number,
): Promise<ReadonlyArray<Iteration<{ components: ReadonlyArray<unknown> }, unknown>>> => {
  const found = await pipe(
    TE.fromEither(gaussianMixture({ components: 2, prior })),
    TE.bindTo('model'),
    TE.bindW('bound', ({ model }) => onRows(model, data, javascript)),
    TE.bindW('start', ({ model }) => initialParameters(model, data, { _tag: 'rows', indices: [0, 1] }, random(0))),
  )()
  if (E.isLeft(found)) throw new Error(JSON.stringify(found.left))
  const { bound, start } = found.right
  const points = []
  for await (const step of bound.iterations(start)) {
    if (E.isLeft(step)) throw new Error(JSON.stringify(step.left))
    if (points.push(step.right) === count) break
  }
  return points
}

test('points in the coordinates of the data are converted once, and have all that is said of them', async () => {
  for (const point of await pointsOf(3)) {
    const copy = { ...point }
    expect(Object.keys(copy).sort()).toEqual([
      'expectation',
      'index',
      'logPrior',
      'objective',
      'parameters',
      'position',
      'rounding',
    ])
    expect(copy.parameters).toBe(point.parameters)
    expect(copy.expectation).toBe(point.expectation)
    // The computation runs about the centre of the rows.
    expect(point.parameters).not.toEqual(point.position.parameters)
  }
})

test('all points have the same getters: engines keep a hidden class for each object that has its own', async () => {
  const [first, ...others] = await pointsOf(4)
  const getterOf = (object: object, name: string) => Object.getOwnPropertyDescriptor(object, name)?.get
  for (const other of others) {
    for (const name of ['parameters', 'expectation']) {
      expect(getterOf(first!, name)).toBeTypeOf('function')
      expect(getterOf(other, name)).toBe(getterOf(first!, name))
    }
    for (const name of ['statistics', 'rounding']) {
      expect(getterOf(first!.expectation, name)).toBeTypeOf('function')
      expect(getterOf(other.expectation, name)).toBe(getterOf(first!.expectation, name))
    }
    expect(other.expectation.statistics).toBe(other.expectation.statistics)
    expect(other.expectation.rounding).toBeGreaterThan(0)
    // It is a part of that of the objective.
    expect(other.rounding!()).toBeGreaterThan(other.expectation.rounding!)
  }
})
