import {
  type ConjugatePrior,
  dirichletPrior,
  expectedNatural,
  gammaPoissonPrior,
  innerProduct,
  normalInverseGammaPrior,
  normalMeanPrior,
  productPrior,
  random,
} from '@conjugate/distributions'
import { javascript } from '@conjugate/executors'
import { conjugateMixture, fit, gibbs, onRows, predict, variational } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { tablePair } from './support.js'

/** Cells are whole multiples of its inverse, so that their sums can be had exactly. */
const UNIT = 2 ** 20

interface TableRow {
  readonly height: number | null
  readonly visits: number | null
  readonly colour: number | null
}

/** Two groups in turn, whose heights have a standard deviation of 1 and are so far apart. */
const rowsApart = (apart: number, missing: number, count = 200): ReadonlyArray<TableRow> => {
  const stream = random(11)
  const cell = (value: number): number | null => (stream.uniform() < missing ? null : value)
  return Array.from({ length: count }, (_, n) => ({
    height: cell((n % 2) * apart + Math.round(stream.normal() * UNIT) / UNIT),
    visits: cell(Math.floor(stream.uniform() * (n % 2 ? 20 : 5))),
    colour: cell(stream.integer(3)),
  }))
}

const heights = { mean: 0, meanPrecision: 2 ** -40, variance: { shape: 2, scale: 1 } }
const prior = { height: heights, visits: { shape: 2, rate: 0.2 }, colour: { concentration: [2, 2, 2] } }
const mixture = right(conjugateMixture(tablePair)({ components: 2, concentration: 2, prior }))

/** The mode of mean and variance given cells, with sums that are exact. */
const exactMode = (cells: ReadonlyArray<number>) => {
  const units = cells.map(v => BigInt(v * UNIT))
  const [n, sum] = [BigInt(cells.length), units.reduce((a, b) => a + b, 0n)]
  const squares = units.reduce((a, b) => a + b * b, 0n)
  const mean = Number(sum) / UNIT / cells.length
  const scatter = Number(n * squares - sum * sum) / Number(n) / UNIT ** 2
  const precision = heights.meanPrecision + cells.length
  const between = ((heights.meanPrecision * cells.length) / precision) * mean ** 2
  const scale = heights.variance.scale + 0.5 * (scatter + between)
  return {
    mean: (cells.length * mean) / precision,
    variance: scale / (heights.variance.shape + 0.5 * cells.length + 1.5),
  }
}

const logSumExp = (logs: ReadonlyArray<number>): number => {
  const most = Math.max(...logs)
  return most + Math.log(logs.reduce((sum, l) => sum + Math.exp(l - most), 0))
}

/** By the definition, cell by cell. */
const logLikelihoodOf = <P, X>(
  likelihood: ConjugatePrior<never, P, X, never>['likelihood'],
  xs: ReadonlyArray<X>,
  { weights, components }: { readonly weights: ArrayLike<number>; readonly components: ReadonlyArray<P> },
): number => {
  const objectives = components.map(likelihood.logProb)
  return xs.reduce((sum, x) => sum + logSumExp(objectives.map((logProb, k) => Math.log(weights[k]!) + logProb(x))), 0)
}

describe.each(['wasm', 'javascript'] as const)('tables on %s', backend => {
  describe.each([50, 1e3, 1e6, 1e9])('whose groups are %d standard deviations apart', apart => {
    test.each([0, 0.3, 0.9])('keep all digits with %d of the cells missing', async missing => {
      const rows = rowsApart(apart, missing)
      const labels = Int32Array.from(rows, (_, n) => n % 2)
      const { components, weights, logLikelihood } = await rightOf(
        fit(mixture, rows, { backend, labels, start: { _tag: 'labels', labels }, iterations: 2 }),
      )
      for (const [k, { height }] of components.entries()) {
        const cells = rows.flatMap((row, n) => (n % 2 === k && row.height !== null ? [row.height] : []))
        const expected = exactMode(cells)
        expect(Math.abs(height.mean - expected.mean)).toBeLessThan(1e-15 * apart + 1e-14)
        expect(Math.abs(Math.sqrt(height.variance / expected.variance) - 1)).toBeLessThan(1e-13)
      }
      const known = rows.reduce((sum, row, n) => {
        const k = n % 2
        return sum + Math.log(weights[k]!) + mixture.components.pair.likelihood.logProb(components[k]!)(row)
      }, 0)
      expect(Math.abs(logLikelihood / known - 1)).toBeLessThan(1e-13)
    })
  })

  test.each([0, 0.3, 0.9])(
    'find two groups by themselves, and what they say of rows is exact (%d missing)',
    async missing => {
      const rows = rowsApart(1e6, missing)
      const result = await rightOf(fit(mixture, rows, { backend, start: { _tag: 'k-means' }, iterations: 30 }))
      const expected = logLikelihoodOf(mixture.components.pair.likelihood as never, rows, result)
      expect(Math.abs(result.logLikelihood / expected - 1)).toBeLessThan(1e-12)
      const { logProb } = await rightOf(predict(mixture, result, rows, { backend }))
      for (const [n, row] of rows.entries()) {
        const alone = logLikelihoodOf(mixture.components.pair.likelihood as never, [row], result)
        expect(Math.abs(logProb[n]! - alone)).toBeLessThan(1e-9)
      }
      for (let i = 1; i < result.objectives.length; i++)
        expect(result.objectives[i]! - result.objectives[i - 1]!).toBeGreaterThan(-1e-9)
    },
  )

  test('SQUAREM ends where EM does', async () => {
    const rows = rowsApart(6, 0.2)
    const options = { backend, start: { _tag: 'k-means' }, iterations: 300 } as const
    const plain = await rightOf(fit(mixture, rows, options))
    const fast = await rightOf(fit(mixture, rows, { ...options, iterations: 100, acceleration: 'squarem' }))
    expect(fast.objectives.at(-1)).toBeCloseTo(plain.objectives.at(-1)!, 6)
  })
})

test('normals of one number keep their digits, of known variance too, by themselves and in a table', async () => {
  const rows = rowsApart(1e6, 0).map(({ height }) => height!)
  const labels = Int32Array.from(rows, (_, n) => n % 2)
  const options = { start: { _tag: 'labels', labels }, iterations: 5 } as const
  const free = right(conjugateMixture(normalInverseGammaPrior)({ components: 2, concentration: 2, prior: heights }))
  const pair = normalMeanPrior(1)
  const known = right(conjugateMixture(pair)({ components: 2, concentration: 2, prior: { mean: 0, variance: 1e12 } }))
  const inTable = right(
    conjugateMixture(productPrior({ x: pair }))({
      components: 2,
      concentration: 2,
      prior: { x: { mean: 0, variance: 1e12 } },
    }),
  )
  const ofFree = await rightOf(fit(free, rows, options))
  const ofKnown = await rightOf(fit(known, rows, options))
  const ofTable = await rightOf(
    fit(
      inTable,
      rows.map(x => ({ x })),
      options,
    ),
  )
  expect(ofFree.logLikelihood / logLikelihoodOf(free.components.pair.likelihood as never, rows, ofFree)).toBeCloseTo(
    1,
    12,
  )
  expect(ofKnown.logLikelihood / logLikelihoodOf(pair.likelihood as never, rows, ofKnown)).toBeCloseTo(1, 12)
  expect(ofTable.logLikelihood / ofKnown.logLikelihood).toBeCloseTo(1, 13)
  expect(Math.sqrt(ofFree.components[1]!.variance / exactMode(rows.filter((_, n) => n % 2)).variance)).toBeCloseTo(
    1,
    12,
  )
})

test('the densities of variational Bayes are those of the expected natural parameters', async () => {
  const rows = rowsApart(4, 0.4)
  const bayes = variational(mixture)
  const { components } = await rightOf(fit(bayes, rows, { start: { _tag: 'k-means' }, iterations: 10 }))
  const alone = variational(right(conjugateMixture(tablePair)({ components: 1, concentration: 2, prior })))
  const bound = await rightOf(onRows(alone, rows, javascript))
  for (const q of components) {
    const logProb = await rightOf(bound.logProb({ weights: [2], components: [q] }))
    const { natural, logNormaliser } = expectedNatural(tablePair)(q)
    for (const [n, row] of rows.entries()) {
      const { statistic, logBaseMeasure } = tablePair.likelihood
      const expected = innerProduct(natural, statistic(row)) - logNormaliser + logBaseMeasure(row)
      expect(logProb[n]).toBeCloseTo(expected, 10)
    }
  }
  bound.dispose()
})

test('noise has one density for a row, whatever cells it lacks', async () => {
  const noise = -7
  const noisy = right(conjugateMixture(tablePair)({ components: 2, concentration: 2, prior, noise }))
  const rows = [...rowsApart(50, 0.3), { height: null, visits: null, colour: null }]
  const result = await rightOf(fit(noisy, rows, { start: { _tag: 'k-means' }, iterations: 5 }))
  const { logProb } = await rightOf(predict(noisy, result, rows))
  const [a, b, c] = Array.from(result.weights)
  expect(logProb.at(-1)).toBeCloseTo(Math.log(a! + b! + c! * Math.exp(noise)), 12)
})

test('Gibbs draws know the joint density of tables with gaps', async () => {
  const rows = rowsApart(50, 0.3, 60)
  const bound = await rightOf(onRows(mixture, rows, javascript))
  for await (const draw of gibbs(mixture, rows, { seed: 4, samples: 5 })) {
    const { weights, components, logJoint } = right(draw)
    expect(logJoint).toBeCloseTo(await rightOf(bound.logJoint({ weights, components })), 9)
  }
  bound.dispose()
})

test.each([
  ['counts', 'Linear', { visits: gammaPoissonPrior }],
  ['counts and categories', 'Product', { visits: gammaPoissonPrior, colour: dirichletPrior(3) }],
  ['categories', 'Product', { colour: dirichletPrior(3) }],
] as const)('columns of %s alone are %s', (_what, form, columns) => {
  const priors = Object.fromEntries(Object.keys(columns).map(name => [name, prior[name as keyof typeof prior]]))
  const pair = productPrior(columns as { readonly visits: typeof gammaPoissonPrior })
  const counted = right(conjugateMixture(pair)({ components: 2, concentration: 2, prior: priors as never }))
  expect(right(counted.components.parts.designMatrix([])).densityForm).toBe(form)
})
