import {
  dirichletPrior,
  gammaPoissonPrior,
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPriorOf,
  poisson,
  productPrior,
  random,
} from '@conjugate/distributions'
import { identity, type Matrix } from '@conjugate/linalg'
import { conjugateMixture, gaussianMixture } from '@conjugate/models'
import { right } from '@conjugate/testing'
import { expect } from 'vitest'

/** Two round clouds about (0, 0) and (6, 3), in turn; `apart` moves them towards each other. */
export const clouds = (count: number, apart = 1, seed = 1): Matrix => {
  const stream = random(seed)
  const data = Array.from({ length: count }, (_, n) =>
    (n % 2 === 0 ? [0, 0] : [6 * apart, 3 * apart]).map(s => s + stream.normal()),
  )
  return { rows: count, columns: 2, data: Float64Array.from(data.flat()) }
}

export const gaussians = (
  components: number,
  more: { readonly noise?: number; readonly concentration?: number } = {},
) =>
  right(
    gaussianMixture({
      components,
      concentration: 2,
      prior: { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) },
      ...more,
    }),
  )

/** Counts about 2 and 15, of which every third is one of the small ones. */
export const counts = (count: number, seed = 5): number[] => {
  const stream = random(seed)
  return Array.from({ length: count }, (_, n) => poisson.sample({ rate: n % 3 === 0 ? 2 : 15 })(stream))
}

export const poissons = (components: number, more: { readonly noise?: number; readonly concentration?: number } = {}) =>
  right(conjugateMixture(gammaPoissonPrior)({ components, concentration: 2, prior: { shape: 2, rate: 0.2 }, ...more }))

export const tablePair = productPrior({
  height: normalInverseGammaPrior,
  visits: gammaPoissonPrior,
  colour: dirichletPrior(3),
})

/** A table of numbers, counts and categories in two groups, of which some cells are missing. */
export const table = (count: number, seed = 7) => {
  const stream = random(seed)
  return Array.from({ length: count }, (_, n) => {
    const group = n % 2
    const height = 1e4 + 10 * group + stream.normal()
    const visits = poisson.sample({ rate: group ? 8 : 2 })(stream)
    const colour = stream.uniform() < 0.8 ? group : 2
    return {
      height: n % 7 === 0 ? null : height,
      visits: n % 5 === 0 ? null : visits,
      colour: n % 11 === 0 ? null : colour,
    }
  })
}

export const tables = (components: number) =>
  right(
    conjugateMixture(tablePair)({
      components,
      concentration: 2,
      prior: {
        height: right(normalInverseGamma.make({ mean: 1e4, meanPrecision: 0.1, shape: 2, scale: 2 })),
        visits: { shape: 2, rate: 0.2 },
        colour: { concentration: [2, 2, 2] },
      },
    }),
  )

const blockPair = productPrior({
  at: normalInverseWishartPriorOf(2),
  visits: gammaPoissonPrior,
  colour: dirichletPrior(3),
})

/** The same beside a block of two numbers that vary together, far from 0. */
export const tableOfBlocks = (count: number, seed = 7) => {
  const stream = random(seed)
  return table(count, seed).map(({ visits, colour }, n) => {
    const x = stream.normal()
    const at = [1e4 + x + 4 * (n % 2), 0.9 * x + 0.5 * stream.normal() - 4 * (n % 2)]
    return { at: n % 13 === 0 ? null : at, visits, colour }
  })
}

export const tablesOfBlocks = (components: number) =>
  right(
    conjugateMixture(blockPair)({
      components,
      concentration: 2,
      prior: {
        at: right(
          normalInverseWishart.make({
            mean: [1e4, 0],
            meanPrecision: 0.1,
            degreesOfFreedom: 4,
            scale: identity(2),
          }),
        ),
        visits: { shape: 2, rate: 0.2 },
        colour: { concentration: [2, 2, 2] },
      },
    }),
  )

/** Numbers of a result, whatever it is made of. */
const numbersIn = (value: unknown): number[] =>
  typeof value === 'number'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(ArrayBuffer.isView(value) ? Array.from(value as never) : value).flatMap(numbersIn)
      : []

/** Numbers that are the same but for rounding, in whatever is made of them. */
export const expectAlike = (found: unknown, expected: unknown): void => {
  const [a, b] = [numbersIn(found), numbersIn(expected)]
  expect(a.length).toBe(b.length)
  const worst = a.reduce(
    (most, v, i) => Math.max(most, Object.is(v, b[i]) ? 0 : Math.abs(v - b[i]!) / Math.max(1, Math.abs(b[i]!))),
    0,
  )
  expect(worst).toBeLessThan(1e-12)
}

/** What a fit says, without where it ran. */
export const said = (fitted: object): unknown => {
  const { objectives, logLikelihood, weights, components, expectedCounts, statistics, assignments } = fitted as Record<
    string,
    unknown
  >
  return { objectives, logLikelihood, weights, components, expectedCounts, statistics, assignments }
}

/** Ways to begin and to fit in two groups, for so many rows, and what they are made of. */
export const waysToFit = (rows: number) => {
  const labels = Int32Array.from({ length: rows }, (_, n) => n % 2)
  const rowWeights = Float64Array.from({ length: rows }, (_, n) => (n % 7 === 0 ? 0 : 1 + (n % 3)))
  const rowLogPriors = { rows, columns: 2, data: Float64Array.from({ length: 2 * rows }, (_, i) => -(i % 3)) }
  const responsibilities = {
    rows,
    columns: 2,
    data: Float64Array.from({ length: 2 * rows }, (_, i) => ((i * 7) % 10) / 10),
  }
  const ways: ReadonlyArray<readonly [name: string, options: object]> = [
    ['k-means', {}],
    ['distinct rows', { start: { _tag: 'distinct-rows' }, seed: 4 }],
    ['random rows', { start: { _tag: 'random-rows' }, seed: 1 }],
    ['given rows', { start: { _tag: 'rows', indices: [3, 8] } }],
    ['labels', { start: { _tag: 'labels', labels } }],
    ['responsibilities', { start: { _tag: 'responsibilities', responsibilities } }],
    ['weights of rows', { rowWeights }],
    ['labels of some', { labels: labels.map((l, n) => (n < 20 ? l : -1)) }],
    ['log factors of rows', { rowLogPriors }],
    // Of a seed with which no two of them end in the same place, one of which a last bit would choose.
    ['restarts', { restarts: 3, seed: 1 }],
    ['squarem', { acceleration: 'squarem' }],
  ]
  return { labels, responsibilities, ways }
}
