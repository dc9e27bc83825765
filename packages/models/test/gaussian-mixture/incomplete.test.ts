import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MultivariateNormal, multivariateNormalMixture, random } from '@conjugate/distributions'
import { fileStorage } from '@conjugate/em/node'
import {
  describeFitError,
  fit,
  type GaussianMixtureOptions,
  gaussianMixture,
  gibbs,
  hiddenMarkovModelOf,
  impute,
  logPrior,
  poissonMixture,
  predict,
  variational,
  withMissingCells,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

type Row = ReadonlyArray<number | null>

interface Fitted {
  readonly weights: ArrayLike<number>
  readonly components: ReadonlyArray<MultivariateNormal>
}

const stream = random(5)

/** Rows of three columns about three places, of which every fourth cell is missing. */
const whole = Array.from({ length: 240 }, (_, n) => {
  const z = stream.normal()
  const at = [
    [-4, 3, 0],
    [0, -2, 6],
    [5, 4, 0],
  ][n % 3]!
  return [at[0]! + z, at[1]! + 0.8 * z + 0.5 * stream.normal(), at[2]! - z + stream.normal()]
})
const rows: ReadonlyArray<Row> = whole.map(row => {
  const holes = row.map(x => (stream.uniform() < 0.25 ? null : x))
  return holes.every(x => x === null) ? row : holes
})

const mixtureOf = (components: number, options: Partial<GaussianMixtureOptions> = {}) =>
  withMissingCells(gaussianMixture({ components, ...options }))

const prior = {
  mean: [0, 1, 2],
  meanPrecision: 0.01,
  degreesOfFreedom: 5,
  scale: [
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 2],
  ],
}

const asMixture = ({ weights, components }: Fitted) =>
  right(multivariateNormalMixture.make({ weights: Float64Array.from(weights), components }))

/** The log density of the cells of a row, by the marginal of the mixture. */
const logProbsOf = (fitted: Fitted): ((row: Row) => number) => {
  const densities = new Map<string, (x: ReadonlyArray<number>) => number>()
  const marginal = multivariateNormalMixture.marginal(asMixture(fitted))
  return row => {
    const there = row.flatMap((x, i) => (x === null ? [] : [i]))
    if (there.length === 0) return 0
    const known = densities.get(there.join()) ?? multivariateNormalMixture.logProb(right(marginal(there)))
    densities.set(there.join(), known)
    return known(there.map(i => row[i]!))
  }
}

const sumOver = (all: ReadonlyArray<Row>, of: (row: Row, n: number) => number) =>
  all.reduce((sum, row, n) => sum + of(row, n), 0)

const near = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)))

const rises = (objectives: ReadonlyArray<number>) => {
  for (let i = 1; i < objectives.length; i++)
    expect(objectives[i]).toBeGreaterThanOrEqual(objectives[i - 1]! - 1e-12 * Math.abs(objectives[i]!))
}

describe('rows with missing cells', () => {
  test('of one normal have the mean of the regression on what is there', async () => {
    // y = 1.125 x - 1/12 in the three rows that are whole, at the mean 3 of all four.
    const few: ReadonlyArray<Row> = [
      [0, 0],
      [2, 2],
      [4, 4.5],
      [6, null],
    ]
    const flat = {
      mean: [3, 2],
      meanPrecision: 1e-9,
      degreesOfFreedom: 1.0001,
      scale: [
        [1e-9, 0],
        [0, 1e-9],
      ],
    }
    const { components } = await rightOf(fit(mixtureOf(1, { prior: flat }), few, { tolerance: 0, iterations: 200 }))
    near(components[0]!.mean[0]!, 3, 1e-7)
    near(components[0]!.mean[1]!, 1.125 * 3 - 1 / 12, 1e-7)
    // The prior that follows from the rows is about the same place.
    const { prior: found } = await rightOf(fit(mixtureOf(1), few))
    near((found as { mean: Float64Array }).mean[1]!, 1.125 * 3 - 1 / 12, 1e-7)
  })

  test.each([1, 2, 3])(
    'of %d components have the density of their cells, with nothing else in the objective',
    async k => {
      const mixture = mixtureOf(k)
      const fitted = await rightOf(fit(mixture, rows, { restarts: 2, seed: 3 }))
      const logLikelihood = sumOver(rows, logProbsOf(fitted))
      near(fitted.logLikelihood, logLikelihood, 1e-11)
      near(fitted.objectives.at(-1)!, logLikelihood + right(logPrior(mixture, fitted)), 1e-11)
      rises(fitted.objectives)
      near(
        fitted.expectedCounts.reduce((a, b) => a + b),
        rows.length,
        1e-12,
      )
    },
  )

  test('have the integral of the density over what is missing', async () => {
    const fitted = await rightOf(fit(mixtureOf(3), rows, { seed: 3 }))
    const density = multivariateNormalMixture.logProb(asMixture(fitted))
    const asked: ReadonlyArray<Row> = [
      [1, null, 2],
      [null, 3, 0.5],
      [-4, null, null],
    ]
    const { logProb } = await rightOf(predict(mixtureOf(3), fitted, asked))
    const step = 0.05
    const line = Array.from({ length: 1200 }, (_, i) => -30 + i * step)
    // A rule of equal weights has all digits of a smooth function that ends at both sides.
    const over = (f: (x: number) => number) => step * line.reduce((sum, x) => sum + f(x), 0)
    near(logProb[0]!, Math.log(over(y => Math.exp(density([1, y, 2])))), 1e-10)
    near(logProb[1]!, Math.log(over(x => Math.exp(density([x, 3, 0.5])))), 1e-10)
    const coarse = line.filter((_, i) => i % 5 === 0)
    const both = coarse.reduce((sum, y) => sum + coarse.reduce((s, z) => s + Math.exp(density([-4, y, z])), 0), 0)
    near(logProb[2]!, Math.log(both * (5 * step) ** 2), 1e-8)
  })

  test('that lack nothing are fitted to the same bits as by the mixture itself', async () => {
    for (const options of [
      {},
      {
        components: 2,
        prior: {
          mean: [0, 0, 0],
          meanPrecision: 1,
          degreesOfFreedom: 4,
          scale: [
            [1, 0, 0],
            [0, 1, 0],
            [0, 0, 1],
          ],
        },
      },
    ]) {
      const plain = await rightOf(fit(gaussianMixture({ components: 3, ...options }), whole, { seed: 2, restarts: 2 }))
      const same = await rightOf(fit(mixtureOf(3, options), whole, { seed: 2, restarts: 2 }))
      expect(same.objectives).toEqual(plain.objectives)
      expect(same.components).toEqual(plain.components)
      expect(same.assignments).toEqual(plain.assignments)
    }
  })

  test('count by their weights, and by how often they are there', async () => {
    const start = { _tag: 'rows' as const, indices: [0, 1, 2] }
    const twice = await rightOf(fit(mixtureOf(3, { prior }), [...rows, ...rows.slice(0, 50)], { start, iterations: 8 }))
    const weighed = await rightOf(
      fit(mixtureOf(3, { prior }), rows, {
        start,
        iterations: 8,
        rowWeights: rows.map((_, n) => (n < 50 ? 2 : 1)),
      }),
    )
    near(weighed.objectives.at(-1)!, twice.objectives.at(-1)!, 1e-10)
    const masked = await rightOf(
      fit(mixtureOf(3, { prior }), [...rows, [1e9, null, 3]], {
        start,
        iterations: 8,
        rowWeights: [...rows.map(() => 1), 0],
      }),
    )
    const without = await rightOf(fit(mixtureOf(3, { prior }), rows, { start, iterations: 8 }))
    expect(masked.objectives).toEqual(without.objectives)
  })

  test('and known labels, with acceleration, never lose', async () => {
    const labels = rows.map((_, n) => (n % 5 === 0 ? n % 3 : -1))
    const fitted = await rightOf(fit(mixtureOf(3), rows, { labels, start: { _tag: 'k-means' }, seed: 1 }))
    rises(fitted.objectives)
    const [ofAll, ofEach] = [
      logProbsOf(fitted),
      fitted.components.map(component => logProbsOf({ weights: [1], components: [component] })),
    ]
    const logLikelihood = sumOver(rows, (row, n) => {
      const label = labels[n]!
      return label < 0 ? ofAll(row) : Math.log(fitted.weights[label]!) + ofEach[label]!(row)
    })
    near(fitted.logLikelihood, logLikelihood, 1e-11)
    const faster = await rightOf(fit(mixtureOf(3), rows, { acceleration: 'squarem', seed: 1 }))
    rises(faster.objectives)
  })

  test('without any cell are gaps, of which the weights are all that is said', async () => {
    const gaps: ReadonlyArray<Row | null> = [...rows, null, [null, null, null]]
    const fitted = await rightOf(fit(mixtureOf(3), gaps, { seed: 3 }))
    rises(fitted.objectives)
    near(fitted.logLikelihood, sumOver(rows, logProbsOf(fitted)), 1e-11)
    const { responsibilities, logProb } = await rightOf(predict(mixtureOf(3), fitted, [null, [1, null, 2]]))
    expect(Math.abs(logProb[0]!)).toBeLessThan(1e-14)
    for (const k of [0, 1, 2]) near(responsibilities.data[k]!, fitted.weights[k]!, 1e-14)
  })

  test('go on from a checkpoint with the same bits, and from none of rows with other cells', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'incomplete-'))
    try {
      const options = { iterations: 12, seed: 3, backend: 'javascript' } as const
      const fresh = await rightOf(fit(mixtureOf(3), rows, options))
      const checkpoint = { storage: fileStorage(join(folder, 'fit.checkpoint')), everySeconds: 1e6 }
      const abort = new AbortController()
      const onIteration = ({ iteration }: { readonly iteration: { readonly index: number } }) => {
        if (iteration.index === 5) abort.abort()
      }
      await fit(mixtureOf(3), rows, { ...options, checkpoint, onIteration, signal: abort.signal })()
      const other = rows.map((row, n) => (n === 7 ? [1, null, null] : row))
      expect(E.isLeft(await fit(mixtureOf(3), other, { ...options, checkpoint })())).toBe(true)
      const resumed = await rightOf(fit(mixtureOf(3), rows, { ...options, checkpoint }))
      expect(resumed.objectives).toEqual(fresh.objectives)
      expect(resumed.components).toEqual(fresh.components)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('of collinear columns, of one that does not vary and of two that are never there together are fitted', async () => {
    const x = Array.from({ length: 40 }, (_, n) => Math.sin(7 * n))
    const covariances = await Promise.all(
      [
        x.map((v, n): Row => [v, n % 4 ? 2 * v + 1 : null]),
        x.map((v, n): Row => [1e9 + v, n % 4 ? 3 : null]),
        x.map((v, n): Row => (n % 2 ? [v, null] : [null, v])),
      ].map(async some => (await rightOf(fit(mixtureOf(1), some))).components[0]!.covariance.data),
    )
    const [collinear, constant, apart] = covariances
    near(collinear![1]! / collinear![0]!, 2, 1e-5)
    expect([constant![1], Math.abs(apart![1]!) < 1e-12]).toEqual([0, true])
  })

  test('are told apart from what else is in the call', async () => {
    const fitted = await rightOf(fit(mixtureOf(3), rows, { seed: 3 }))
    const all = await rightOf(predict(mixtureOf(3), fitted, rows))
    for (const n of [0, 7, 100]) {
      const alone = await rightOf(predict(mixtureOf(3), fitted, [rows[n]!]))
      expect(alone.logProb[0]).toBe(all.logProb[n])
      expect([...alone.responsibilities.data]).toEqual(Array.from(all.responsibilities.data).slice(3 * n, 3 * n + 3))
    }
  })

  test('may be columns by their names, with null or NaN', async () => {
    const column = (i: number) => rows.map(row => row[i]!)
    const columns = { a: column(0), b: Float64Array.from(column(1), x => x ?? Number.NaN), c: column(2) }
    const byName = await rightOf(fit(mixtureOf(3), columns as never, { seed: 3 }))
    const byRow = await rightOf(fit(mixtureOf(3), rows, { seed: 3 }))
    expect(byName.objectives).toEqual(byRow.objectives)
    expect(byName.columns).toEqual(['a', 'b', 'c'])
    const { logProb } = await rightOf(predict(mixtureOf(3), byName, { c: [2], a: [1], b: [null] } as never))
    near(logProb[0]!, logProbsOf(byRow)([1, null, 2]), 1e-11)
  })

  test('are fitted by variational Bayes, whose bound is below the evidence', async () => {
    const bayes = variational(mixtureOf(2))
    const fitted = await rightOf(fit(bayes, rows, { seed: 2 }))
    rises(fitted.objectives)
    // Of a row that is a gap the bound knows the weights alone, whose posterior is narrow: log sum exp E log weight.
    const gaps = await rightOf(fit(bayes, [...rows, null], { seed: 2 }))
    const lost = fitted.objectives.at(-1)! - gaps.objectives.at(-1)!
    expect(lost).toBeGreaterThan(0)
    expect(lost).toBeLessThan(0.05)
  })

  test('are emissions of hidden Markov models', async () => {
    const emissions = right(mixtureOf(2, { prior }))
    const model = right(hiddenMarkovModelOf(emissions))
    const sequences = [rows.slice(0, 40), rows.slice(40, 90)].map(part =>
      part.map(row => row.map(x => x ?? Number.NaN)),
    )
    const fitted = await rightOf(fit(model, sequences as never, { iterations: 20 }))
    rises((fitted as { objectives: ReadonlyArray<number> }).objectives)
  })
})

describe('imputation', () => {
  test('by means is what the mixture expects of missing cells given the others', async () => {
    const fitted = await rightOf(fit(mixtureOf(3), rows, { seed: 3 }))
    const { data } = await rightOf(impute(mixtureOf(3), fitted, rows))
    const conditional = multivariateNormalMixture.conditional(asMixture(fitted))
    for (const [n, row] of rows.entries()) {
      const there = row.flatMap((x, i) => (x === null ? [] : [i]))
      for (const i of there) expect(data[3 * n + i]).toBe(row[i])
      if (there.length === 3) continue
      const given = right(conditional(Object.fromEntries(there.map(i => [i, row[i]!]))))
      const means = multivariateNormalMixture.mean(given)
      for (const [j, i] of [0, 1, 2].filter(i => row[i] === null).entries()) near(data[3 * n + i]!, means[j]!, 1e-9)
    }
    const { data: gap } = await rightOf(impute(mixtureOf(3), fitted, [null, [1, 2, 3]]))
    for (const i of [0, 1, 2]) near(gap[i]!, multivariateNormalMixture.mean(asMixture(fitted))[i]!, 1e-10)
  })

  test('by draws varies as what is missing does, and is the same by the same seed', async () => {
    const fitted = await rightOf(fit(mixtureOf(3), rows, { seed: 3 }))
    const asked = Array.from({ length: 4000 }, (): Row => [null, 1.2, null])
    const { data } = await rightOf(impute(mixtureOf(3), fitted, asked, { seed: 4 }))
    const { data: again } = await rightOf(impute(mixtureOf(3), fitted, asked, { seed: 4 }))
    // Another row that lacks other cells changes nothing but itself.
    const change = await rightOf(impute(mixtureOf(3), fitted, [[3, null, 1], ...asked.slice(1)], { seed: 4 }))
    expect(Array.from(change.data).slice(3)).toEqual(Array.from(data).slice(3))
    expect(again).toEqual(data)
    const given = right(multivariateNormalMixture.conditional(asMixture(fitted))({ 1: 1.2 }))
    const [means, covariance] = [multivariateNormalMixture.mean(given), multivariateNormalMixture.covariance(given)]
    const draws = asked.map((_, n) => [data[3 * n]!, data[3 * n + 2]!])
    const mean = [0, 1].map(i => draws.reduce((sum, x) => sum + x[i]!, 0) / draws.length)
    for (const i of [0, 1]) {
      const spread = Math.sqrt(covariance.data[3 * i]!)
      expect(Math.abs(mean[i]! - means[i]!)).toBeLessThan((5 * spread) / Math.sqrt(draws.length))
      for (const j of [0, 1]) {
        const found = draws.reduce((sum, x) => sum + (x[i]! - mean[i]!) * (x[j]! - mean[j]!), 0) / draws.length
        expect(Math.abs(found - covariance.data[2 * i + j]!)).toBeLessThan(
          0.15 * spread * Math.sqrt(covariance.data[3 * j]!),
        )
      }
    }
  })
})

describe('what cannot be fitted with missing cells', () => {
  const says = async (found: unknown) => {
    const result = (typeof found === 'function' ? await found() : found) as E.Either<never, unknown>
    return E.isLeft(result) ? describeFitError(result.left) : 'no error'
  }
  test('is told by what it is', async () => {
    expect(await says(mixtureOf(2, { noise: -3 }))).toContain('noise is -3, expected none where cells may be missing')
    const counts = poissonMixture({ components: 2, concentration: 2, prior: { shape: 1, rate: 1 } })
    expect(await says(withMissingCells(counts as never))).toContain('expected Gaussians with full covariances')
    expect(await says(withMissingCells(3 as never))).toContain('expected')
    expect(
      await says(
        fit(mixtureOf(1), [
          [1, null],
          [2, null],
        ]),
      ),
    ).toContain('column 1')
    expect(
      await says(
        fit(mixtureOf(1), [
          [null, null],
          [null, null],
        ]),
      ),
    ).toMatch(/row/)
    expect(
      await says(
        fit(mixtureOf(1), [
          [1, 2],
          [2, Number.POSITIVE_INFINITY],
          [null, 3],
        ]),
      ),
    ).toContain('row 1')
    for (const cell of ['2', undefined, {}, true])
      expect(
        await says(
          fit(mixtureOf(1), [
            [1, 2],
            [null, 1],
            [2, cell],
          ] as never),
        ),
      ).toContain('row 2')
    expect(
      await says(
        fit(mixtureOf(2, { prior }), [
          [1, 2, 3],
          [1, Number.NEGATIVE_INFINITY, null],
        ]),
      ),
    ).toContain('row 1')
    expect(await says(fit(mixtureOf(2, { prior }), [[1, null]]))).toContain('3')
  })

  test('is Gibbs sampling, whose draws of components would need draws of cells', async () => {
    const draws = gibbs(mixtureOf(2), rows, { samples: 1 })
    const { value } = await draws[Symbol.asyncIterator]().next()
    expect(E.isLeft(value as never)).toBe(true)
  })
})
