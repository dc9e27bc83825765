import type { DiagonalDensities, LinearDensities, QuadraticDensities } from '@conjugate/executors'
import { describe, test } from 'vitest'
import { available } from './support/executors.js'
import { factorKinds, randomDiagonal, randomRows, uniforms } from './support/random.js'
import { allResults, expectIdentical, expectSame, load, runAll } from './support/run.js'

const [rows, columns, components] = [5000, 3, 4]
const data = randomRows(rows, columns, 1)
const rowWeights = Float64Array.from({ length: rows }, uniforms(1))
const diagonal = randomDiagonal(components, columns, 1)

/** The scales as diagonals of whitening matrices. */
const asQuadratic = ({ scale, ...densities }: DiagonalDensities): QuadraticDensities => {
  const whitening = new Float64Array(components * columns * columns)
  for (const [i, value] of scale.entries()) whitening[i * columns + (i % columns)] = value
  return { ...densities, _tag: 'Quadratic', whitening }
}

/** log p = constant - 1/2 (s m)^2 + s^2 m x - 1/2 s^2 x^2, of rows (x, x^2). */
const asLinear = ({ mean, scale, logConstant }: DiagonalDensities): LinearDensities => {
  const natural = new Float64Array(components * 2 * columns)
  const constants = logConstant.slice()
  for (const [i, s] of scale.entries()) {
    const [k, column] = [Math.floor(i / columns), i % columns]
    natural[k * 2 * columns + column] = s * s * mean[i]!
    natural[k * 2 * columns + columns + column] = (-s * s) / 2
    constants[k]! -= (s * mean[i]!) ** 2 / 2
  }
  return { _tag: 'Linear', components, columns: 2 * columns, natural, logConstant: constants }
}

const squared = Array.from({ length: rows }, (_, n) => {
  const row = Array.from(data.subarray(n * columns, (n + 1) * columns))
  return [...row, ...row.map(x => x * x)]
}).flat()

describe.each(available)('%s', (_, executor) => {
  test('diagonal densities are quadratic ones with diagonal whitening', async () => {
    const { squares, ...actual } = await runAll(executor, data, diagonal, { rowWeights })
    const { outer, ...expected } = await runAll(executor, data, asQuadratic(diagonal), { rowWeights })
    expectSame(
      { ...actual, squares },
      { ...expected, squares: outer.filter((_, i) => (i % columns ** 2) % (columns + 1) === 0) },
      rows,
    )
  })

  test('diagonal densities are linear ones of the rows and their squares', async () => {
    const expected = await runAll(executor, data, diagonal, { rowWeights })
    const actual = await runAll(executor, squared, asLinear(diagonal), { rowWeights })
    const { weight, sum } = actual
    const moment = (i: number, power: 0 | 1) =>
      sum[Math.floor(i / columns) * 2 * columns + power * columns + (i % columns)]!
    const centred = diagonal.mean.map((m, i) => moment(i, 0) - weight[Math.floor(i / columns)]! * m)
    const squares = diagonal.mean.map(
      (m, i) => moment(i, 1) - 2 * m * centred[i]! - weight[Math.floor(i / columns)]! * m * m,
    )
    expectSame({ ...actual, sum: centred, squares }, expected, rows)
  })

  test('densities of every kind take turns on the same rows', async () => {
    const loaded = await load(executor, columns, data, { rowWeights })
    const turns = [...factorKinds, ...factorKinds, ...factorKinds.slice(0, 1)].map(([, random], i) =>
      random(i % 2 ? 40 : 3, columns, i % 3),
    )
    for (const densities of turns)
      expectIdentical(await allResults(loaded, densities), await runAll(executor, data, densities, { rowWeights }))
    loaded.dispose()
  })
})
