import { fit, latentClassMixture } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

/**
 * What seven pathologists said of 118 slides, and how many slides had each answer.
 * Source: Landis and Koch (1977) as in Agresti, Categorical Data Analysis (2002); published optima: Linzer and Lewis, poLCA: an
 * R package for polytomous variable latent class analysis (2011).
 */
const slides = {
  '0000000': 34,
  '0000100': 2,
  '0100000': 6,
  '0100001': 1,
  '0100100': 4,
  '0100101': 5,
  '1000000': 2,
  '1010101': 1,
  '1100000': 2,
  '1100001': 1,
  '1100100': 2,
  '1100101': 7,
  '1100111': 1,
  '1101001': 1,
  '1101101': 2,
  '1101111': 3,
  '1110101': 13,
  '1110111': 5,
  '1111101': 10,
  '1111111': 16,
}
const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G']
const answers = Object.keys(slides).map(s => Object.fromEntries(names.map((name, i) => [name, Number(s[i])])))
const rowWeights = Object.values(slides)
const columns = Object.fromEntries(names.map(name => [name, 2]))

/** Flat priors, so that the mode is the maximum of the likelihood, in which many probabilities are exactly 0 or 1. */
const classes = (components: number) =>
  right(latentClassMixture({ components, concentration: 1, cellConcentration: 1, columns }))

const options = {
  rowWeights,
  threads: 1,
  seed: 3,
  iterations: 2000,
  tolerance: 1e-12,
  acceleration: 'squarem',
} as const

describe.each(['distinct-rows', 'k-means'] as const)('latent classes from %s', tag => {
  test.each([
    [2, -317.2568],
    [3, -293.705],
  ])('%i classes: every start finds the published optimum', async (components, published) => {
    const { logLikelihood, objectives, restarts, weights } = await rightOf(
      fit(classes(components), answers, { ...options, start: { _tag: tag }, restarts: 10 }),
    )
    expect(Math.abs(logLikelihood - published)).toBeLessThan(6e-5)
    for (const end of restarts) expect(right(end).objective).toBeGreaterThan(objectives.at(-1)! - 1e-3)
    if (components === 3)
      for (const [i, share] of [0.1817, 0.3736, 0.4447].entries())
        expect(Math.abs(Array.from(weights).sort()[i]! - share)).toBeLessThan(6e-5)
  })

  test('4 classes: the published optimum is among some starts', async () => {
    const { logLikelihood } = await rightOf(
      fit(classes(4), answers, { ...options, start: { _tag: tag }, restarts: 15 }),
    )
    expect(Math.abs(logLikelihood + 289.2858)).toBeLessThan(6e-5)
  })

  test('a start has no probability of 0 where the data do not ask for it', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const { components } = await rightOf(
        fit(classes(4), answers, { ...options, seed, start: { _tag: tag }, iterations: 0 }),
      )
      for (const c of components)
        for (const name of names) for (const p of Array.from(c[name]!.probabilities)) expect(p).toBeGreaterThan(0)
    }
  })
})

test('labels that are given start from hard groups', async () => {
  const labels = answers.map(a => a['B']!)
  const { components } = await rightOf(
    fit(classes(2), answers, { ...options, start: { _tag: 'labels', labels }, iterations: 0 }),
  )
  expect(components.map(c => Array.from(c['B']!.probabilities))).toEqual([
    [1, 0],
    [0, 1],
  ])
  expect(
    await fit(classes(2), answers, { ...options, start: { _tag: 'labels', labels: [...labels.slice(1), 2] } })(),
  ).toMatchObject(E.left({ _tag: 'InvalidOption' }))
})
