import {
  betaBinomialPrior,
  binomial,
  type Exponential,
  exponential,
  gamma,
  gammaCensoredExponentialPrior,
  gammaExponentialPrior,
  gammaPoissonExposurePrior,
  gammaPoissonPrior,
  gammaRatePrior,
  poisson,
  productPrior,
  type Random,
  random,
} from '@conjugate/distributions'
import { conjugateMixture, fit } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'

// The default start finds components whose spreads differ by orders of magnitude.

const of = (components: number) => ({
  components,
  concentration: 2,
  prior: right(gamma.make({ shape: 1.5, rate: 0.1 })),
})

interface Case {
  readonly name: string
  readonly mixture: unknown
  readonly draw: (group: number, stream: Random) => unknown
  readonly truth: ReadonlyArray<unknown>
}

/** One of the mixtures stands for all: the compiler cannot tell which one it is. */
const exponentials = right(conjugateMixture(gammaExponentialPrior)(of(4)))

const rates = [0.5, 2, 8, 32]
const slow = [1e-4, 1e-2, 1, 100]
const chances = [0.5, 0.9, 0.98].map(probability => ({ count: 40, probability }))

const cases: ReadonlyArray<Case> = [
  {
    name: 'Poissons',
    mixture: right(conjugateMixture(gammaPoissonPrior)(of(4))),
    draw: (group, stream) => poisson.sample({ rate: rates[group]! })(stream),
    truth: rates.map(rate => ({ rate })),
  },
  {
    name: 'Poissons of exposures of several sizes',
    mixture: right(conjugateMixture(gammaPoissonExposurePrior)(of(4))),
    draw: (group, stream) => {
      const exposure = Math.exp(2 * stream.normal())
      return { count: poisson.sample({ rate: exposure * rates[group]! })(stream), exposure }
    },
    truth: rates.map(rate => ({ rate })),
  },
  {
    name: 'exponentials',
    mixture: exponentials,
    draw: (group, stream) => exponential.sample({ rate: slow[group]! })(stream),
    truth: slow.map(rate => ({ rate })),
  },
  {
    name: 'censored exponentials',
    mixture: right(conjugateMixture(gammaCensoredExponentialPrior)(of(4))),
    draw: (group, stream) => {
      const rate = slow[group]!
      const [time, end] = [rate, rate / 2].map(r => exponential.sample({ rate: r })(stream)) as [number, number]
      return { time: Math.min(time, end), event: Number(time <= end) }
    },
    truth: slow.map(rate => ({ rate })),
  },
  {
    name: 'gammas',
    mixture: right(conjugateMixture(gammaRatePrior(4))(of(4))),
    draw: (group, stream) => gamma.sample({ shape: 4, rate: slow[group]! })(stream),
    truth: slow.map(rate => ({ shape: 4, rate })),
  },
  {
    name: 'binomials',
    mixture: right(conjugateMixture(betaBinomialPrior(40))({ ...of(3), prior: { a: 1.5, b: 1.5 } as never })),
    draw: (group, stream) => binomial(40).sample(chances[group]!)(stream),
    truth: chances,
  },
  {
    name: 'counts beside times, of which some are missing',
    mixture: right(
      conjugateMixture(productPrior({ count: gammaPoissonPrior, time: gammaExponentialPrior }))({
        ...of(4),
        prior: { count: of(4).prior, time: of(4).prior },
      }),
    ),
    draw: (group, stream) => ({
      count: stream.uniform() < 0.1 ? null : poisson.sample({ rate: rates[group]! })(stream),
      time: stream.uniform() < 0.1 ? null : exponential.sample({ rate: slow[group]! })(stream),
    }),
    truth: rates.map((rate, k) => ({ count: { rate }, time: { rate: slow[k]! } })),
  },
]

describe.each(cases.map(c => [c.name, c] as const))('%s', (_, { mixture, draw, truth }) => {
  test('from each of ten samples the fit ends where one from the truth does, or better', async () => {
    const components = truth.length
    const model = mixture as typeof exponentials
    for (let seed = 0; seed < 10; seed++) {
      const stream = random(seed)
      const data = Array.from({ length: 500 }, (_x, n) => draw(n % components, stream)) as ReadonlyArray<number>
      const parameters = { components: truth as ReadonlyArray<Exponential>, weights: truth.map(() => 1 / components) }
      const told = await rightOf(fit(model, data, { start: { _tag: 'parameters', parameters } }))
      const found = await rightOf(fit(model, data, { seed }))
      expect(found.objectives.at(-1)).toBeGreaterThan(told.objectives.at(-1)! - 0.5)
    }
  })
})

test('times of 0, of which no logarithm tells anything, do not keep a start from being found', async () => {
  const stream = random(1)
  const times = Array.from({ length: 300 }, (_x, n) =>
    n % 5 === 0 ? 0 : exponential.sample({ rate: n % 2 ? 0.1 : 5 })(stream),
  )
  const mixture = right(conjugateMixture(gammaExponentialPrior)(of(2)))
  const { components } = await rightOf(fit(mixture, times))
  const [a, b] = components.map(({ rate }) => rate).sort((x, y) => x - y)
  expect(a).toBeLessThan(0.3)
  expect(b).toBeGreaterThan(2)
})
