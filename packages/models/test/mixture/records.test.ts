import {
  conjugatePair,
  gamma,
  gammaCensoredExponentialPrior,
  gammaPoissonExposurePrior,
} from '@conjugate/distributions'
import { conjugateMixture, fit, predict } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { mixtures } from './mixtures.js'

// Observations that are objects of numbers, whose names their pair tells.

const prior = right(gamma.make({ shape: 2, rate: 0.2 }))
const shared = { components: 2, concentration: 2, prior }
const exposed = right(conjugateMixture(gammaPoissonExposurePrior)(shared))
const censored = right(conjugateMixture(gammaCensoredExponentialPrior)(shared))

/** Rows as columns, whose names are in another order. */
const columnsOf = (rows: ReadonlyArray<Readonly<Record<string, number>>>): Record<string, Float64Array> =>
  Object.fromEntries(
    Object.keys(rows[0]!)
      .reverse()
      .map(name => [name, Float64Array.from(rows, row => row[name]!)]),
  )

describe.each(['Poissons of exposures', 'censored exponentials'])('%s', name => {
  const { mixture, observations } = mixtures.find(row => row.name === name)!

  test('in columns, whatever their order, every bit is that of rows', async () => {
    const columns = columnsOf(observations) as never
    const fits = [await rightOf(fit(mixture, observations)), await rightOf(fit(mixture, columns))]
    expect(fits[1]).toEqual(fits[0])
    const said = [
      await rightOf(predict(mixture, fits[0]!, observations)),
      await rightOf(predict(mixture, fits[0]!, columns)),
    ]
    expect(said[1]).toEqual(said[0])
  })
})

test.each([
  ['a count that is none', exposed, { count: [1, 2.5], exposure: [1, 1] }, { row: 1, column: 'count' }],
  ['no exposure', exposed, [{ count: 1, exposure: 0 }], { row: 0, column: 'exposure' }],
  ['a missing exposure', exposed, [{ count: 1, exposure: null }], { row: 0, column: 'exposure' }],
  ['a column that is not there', exposed, { count: [1, 2] }, { column: 'exposure' }],
  ['a column too many', exposed, [{ count: 1, exposure: 1, at: 2 }], { row: 0, column: 'at' }],
  ['numbers', exposed, [3], { row: 0 }],
  ['an event that is neither', censored, [{ time: 1, event: 2 }], { row: 0, column: 'event' }],
  ['a negative time', censored, { time: [-1], event: [1] }, { row: 0, column: 'time' }],
])('%s is an error that says where', async (_name, mixture, data, where) => {
  expect(await fit(mixture as typeof exposed, data as never)()).toMatchObject(E.left(where))
})

test('one component has the rate of all events over all exposures, as the prior becomes flat', async () => {
  const flat = right(gamma.make({ shape: 1, rate: 1e-12 }))
  const counted = right(conjugateMixture(gammaPoissonExposurePrior)({ components: 1, concentration: 2, prior: flat }))
  const { components } = await rightOf(fit(counted, { count: [0, 3, 9], exposure: [1.5, 2, 4.5] }))
  expect(components[0]!.rate).toBeCloseTo(12 / 8, 11)
  const waited = right(
    conjugateMixture(gammaCensoredExponentialPrior)({ components: 1, concentration: 2, prior: flat }),
  )
  const times = await rightOf(fit(waited, { time: [1, 4, 2.5], event: [1, 0, 1] }))
  expect(times.components[0]!.rate).toBeCloseTo(2 / 7.5, 11)
})

test("records of a pair of one's own may be columns where it says what they are", async () => {
  const own = conjugatePair({
    name: 'Poisson of an exposure',
    prior: gamma,
    parameter: 'rate',
    size: 2,
    support: {
      _tag: 'Table',
      missing: false,
      columns: {
        count: { expected: 'a whole number of at least 0', contains: (x: number) => Number.isInteger(x) && x >= 0 },
        exposure: { expected: 'a positive number', contains: (x: number) => x > 0 },
      },
    },
    statistic: ({ count, exposure }: { readonly count: number; readonly exposure: number }) => [count, exposure],
    logBaseMeasure: ({ count, exposure }) => count * Math.log(exposure),
    evidence: (_, [counts, exposures]) => [counts!, -exposures!],
    sample: rate => () => ({ count: Math.round(rate), exposure: 1 }),
    fromNatural: eta => Math.exp(eta[0]!),
  })
  const { observations } = mixtures.find(row => row.name === 'Poissons of exposures')!
  const [ofOwn, ofLibrary] = [
    await rightOf(fit(conjugateMixture(own)(shared), columnsOf(observations) as never, { iterations: 500 })),
    await rightOf(fit(exposed, observations, { iterations: 500 })),
  ]
  const ratesOf = ({ components }: { readonly components: ReadonlyArray<{ readonly rate: number }> }) =>
    components.map(({ rate }) => rate).sort((a, b) => a - b)
  const wanted = ratesOf(ofLibrary)
  for (const [k, rate] of ratesOf(ofOwn).entries()) expect(rate).toBeCloseTo(wanted[k]!, 9)
})
