import { conjugatePair, gamma, gammaPoissonPrior, inverseGamma, poisson, random } from '@conjugate/distributions'
import { describePair } from '@conjugate/distributions/laws'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const rayleighPrior = conjugatePair({
  name: 'Rayleigh',
  prior: inverseGamma,
  parameter: 'square',
  statistic: (x: number) => [x * x],
  logBaseMeasure: x => (x > 0 && x < Number.POSITIVE_INFINITY ? Math.log(x) : Number.NEGATIVE_INFINITY),
  evidence: (weight, [squares]) => [-weight, -0.5 * squares!],
  sample: square => stream => Math.hypot(stream.normal(), stream.normal()) * Math.sqrt(square),
  fromNatural: eta => -0.5 / eta[0]!,
})

const paretoPrior = conjugatePair({
  ...{ name: 'Pareto', prior: gamma, parameter: 'index' },
  statistic: (x: number) => [Math.log(x)],
  logBaseMeasure: x => (x >= 1 ? -Math.log(x) : Number.NEGATIVE_INFINITY),
  evidence: (weight, [logs]) => [weight, -logs!],
  sample: index => stream => (1 - stream.uniform()) ** (-1 / index),
  fromNatural: eta => -eta[0]!,
})

const logFactorial = (n: number): number => (n < 2 ? 0 : Math.log(n) + logFactorial(n - 1))

/** With the log-normaliser in a second statistic: a count over a known exposure. */
const exposedPrior = conjugatePair({
  name: 'Poisson of an exposure',
  prior: gamma,
  parameter: 'rate',
  size: 2,
  statistic: ({ count, exposure }: { readonly count: number; readonly exposure: number }) => [count, exposure],
  logBaseMeasure: ({ count, exposure }) => count * Math.log(exposure) - logFactorial(count),
  evidence: (_, [counts, exposures]) => [counts!, -exposures!],
  sample: rate => stream => ({ count: poisson.sample({ rate: 2 * rate })(stream), exposure: 2 }),
  fromNatural: eta => Math.exp(eta[0]!),
})

const framework = { describe, test }
const prior = right(inverseGamma.make({ shape: 2, scale: 1 }))

describePair(framework)({
  name: 'Rayleigh',
  prior: rayleighPrior,
  hyperparameters: prior,
  observations: [0.5, 1.2, 3, 0.1, 2.2],
})
describePair(framework)({
  name: 'Pareto',
  prior: paretoPrior,
  hyperparameters: right(gamma.make({ shape: 3, rate: 2 })),
  observations: [1.5, 1.01, 4, 2, 1.1],
})
describePair(framework)({
  name: 'Poisson of an exposure',
  prior: exposedPrior,
  hyperparameters: right(gamma.make({ shape: 3, rate: 2 })),
  observations: [0, 3, 5, 1, 2].map(count => ({ count, exposure: 1.5 })),
})

test('densities that follow from the evidence are those of the textbook', () => {
  const rayleigh = rayleighPrior.likelihood.logProb({ square: 2.5 })
  for (const x of [0.1, 1, 3]) expect(rayleigh(x)).toBeCloseTo(Math.log(x / 2.5) - (x * x) / 5, 13)
  const pareto = paretoPrior.likelihood.logProb({ index: 3 })
  for (const x of [1, 1.5, 10]) expect(pareto(x)).toBeCloseTo(Math.log(3) - 4 * Math.log(x), 13)
  expect(pareto(0.9)).toBe(Number.NEGATIVE_INFINITY)
  const exposed = exposedPrior.likelihood.logProb({ rate: 0.7 })
  for (const count of [0, 2, 9])
    expect(exposed({ count, exposure: 4 })).toBeCloseTo(poisson.logProb({ rate: 2.8 })(count), 13)
})

test('the pair of Poissons by hand has the same posteriors, modes and densities as one that is derived', () => {
  const derived = conjugatePair({
    name: 'Poisson',
    prior: gamma,
    parameter: 'rate',
    statistic: (x: number) => [x],
    logBaseMeasure: x => -logFactorial(x),
    evidence: (weight, [sum]) => [sum!, -weight],
    sample: rate => poisson.sample({ rate }),
    fromNatural: eta => Math.exp(eta[0]!),
  })
  const q = right(gamma.make({ shape: 2, rate: 0.5 }))
  const stream = random(3)
  for (let i = 0; i < 20; i++) {
    const [weight, sum] = [100 * stream.uniform(), 300 * stream.uniform()]
    const [a, b] = [
      right(gammaPoissonPrior.update({ weight, sum })(q)),
      right(derived.update({ weight, sums: Float64Array.of(sum) })(q)),
    ]
    expect(b.shape).toBeCloseTo(a.shape, 12)
    expect(b.rate).toBe(a.rate)
    expect(right(derived.jointMode(b)).rate).toBeCloseTo(right(gammaPoissonPrior.jointMode(a)).rate, 13)
    const x = poisson.sample({ rate: 7 })(stream)
    expect(derived.likelihood.logProb({ rate: 7 })(x)).toBeCloseTo(poisson.logProb({ rate: 7 })(x), 12)
  }
})

test('a prior without a mode, and what is no member, are errors', () => {
  expect(paretoPrior.jointMode(right(gamma.make({ shape: 0.5, rate: 1 })))).toMatchObject(
    E.left({ distribution: 'Pareto', parameter: 'index' }),
  )
  expect(rayleighPrior.likelihood.member!({ square: -1 })).toMatchObject(E.left({ parameter: 'square' }))
  expect(rayleighPrior.likelihood.member!({ rate: 1 })).toMatchObject(E.left({ distribution: 'Rayleigh' }))
  expect(paretoPrior.likelihood.fromNatural([2] as never)).toMatchObject(E.left({ parameter: 'index' }))
})
