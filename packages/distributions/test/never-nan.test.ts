import {
  bernoulli,
  beta,
  betaBernoulliPrior,
  betaBernoulliPriorOf,
  betaBinomial,
  binomial,
  type ConjugatePrior,
  categorical,
  type Distribution,
  diagonalNormal,
  dirichlet,
  dirichletCountsPrior,
  dirichletMultinomial,
  dirichletMultinomialPrior,
  dirichletPrior,
  type ExponentialFamily,
  expectedNatural,
  exponential,
  gamma,
  gammaExponentialPrior,
  gammaNormalPrior,
  gammaPoissonPrior,
  gammaPoissonPriorOf,
  gammaRatePrior,
  geometric,
  inverseGamma,
  inverseGammaNormalPrior,
  inverseWishart,
  isotropicNormal,
  isotropicNormalInverseGamma,
  isotropicNormalPrior,
  logMarginalLikelihood,
  logPredictive,
  logProbOfExponentialForm,
  meanDirectionPrior,
  multinomial,
  multivariateNormal,
  multivariateStudentT,
  negativeBinomial,
  normal,
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPrior,
  normalMeanPrior,
  poisson,
  random,
  studentT,
  type Validated,
  vonMisesFisher,
  wishart,
  wishartPrior,
} from '@conjugate/distributions'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

/** Where a NaN is in a value, if anywhere. */
const nanIn = (value: unknown, path = ''): string | undefined => {
  if (typeof value === 'number') return Number.isNaN(value) ? path || 'it' : undefined
  if (typeof value !== 'object' || value === null) return undefined
  for (const [key, part] of Object.entries(value)) {
    const found = nanIn(part, `${path}.${key}`)
    if (found !== undefined) return found
  }
  return undefined
}

/** All that is NaN of what is computed by name, each as a line. */
const nansOf = (about: unknown, results: { readonly [name: string]: () => unknown }): string[] =>
  Object.entries(results).flatMap(([name, compute]) => {
    const found = nanIn(compute())
    return found === undefined ? [] : [`${name} of ${JSON.stringify(about)}: ${found}`]
  })

const sizes = [5e-324, 1e-300, 1e-160, 1e-20, 1, 3, 1e20, 1e160, 1e300, Number.MAX_VALUE]
const two = <A>(f: (a: number, b: number) => A): A[] => sizes.flatMap(a => sizes.map(b => f(a, b)))
const signed = [...sizes, 0, ...sizes.map(v => -v)]
const fractions = [0, 5e-324, 1e-20, 0.3, 1 - 2 ** -53, 1]
const numbers = [...signed, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
const vectors = signed.flatMap(a => [
  [a, 1],
  [1e300, a],
])
const impossible = [
  [Number.NaN, 1],
  [1, Number.POSITIVE_INFINITY],
]
/** Of variances a and b. */
const covariance = (a: number, b: number): number[][] => {
  const off = 0.5 * Math.sqrt(a) * Math.sqrt(b)
  return [
    [a, off],
    [off, b],
  ]
}
/** Of tiny variances, with correlations of either sign, about means at the end of the range. */
const correlated = [
  [1.3e-287, -2.8e-288, -5e-289],
  [-2.8e-288, 1.5e-288, 6e-289],
  [-5e-289, 6e-289, 6e-289],
]
const farMeans = [
  [-9.8, -1.4e305, 2147483648],
  [1e308, 1e308, 1e308],
  [0, 1e-200, Number.MAX_VALUE],
]
/** Of one number. */
const matrices = sizes.map(v => ({ rows: 1, columns: 1, data: [v] }))
const few = [1e-300, 1e-20, 1, 1e20, 1e300]
const three = <A>(f: (a: number, b: number, c: number) => A): A[] =>
  few.flatMap(a => few.flatMap(b => few.map(c => f(a, b, c))))

interface Row {
  readonly name: string
  readonly family: Distribution<never, never, unknown, unknown> & {
    readonly natural?: ExponentialFamily<never, never>['natural']
  }
  readonly members: ReadonlyArray<never>
  readonly values: ReadonlyArray<never>
}

const row = <P, A>(
  family: { readonly name: string; readonly make: (a: A) => Validated<P> },
  parameters: ReadonlyArray<A>,
  values: ReadonlyArray<unknown>,
): Row =>
  ({
    name: family.name,
    family,
    members: parameters.flatMap(a => {
      const made = family.make(a)
      return E.isRight(made) ? [made.right] : []
    }),
    values,
  }) as unknown as Row

const counts = [0, 1, 7, 1000, 2 ** 31, 1e15, 1e300, ...numbers]
const rows: ReadonlyArray<Row> = [
  row(
    normal,
    signed.flatMap(mean => sizes.map(variance => ({ mean, variance }))),
    numbers,
  ),
  row(
    gamma,
    two((shape, rate) => ({ shape, rate })),
    numbers,
  ),
  row(
    inverseGamma,
    two((shape, scale) => ({ shape, scale })),
    numbers,
  ),
  row(
    exponential,
    sizes.map(rate => ({ rate })),
    numbers,
  ),
  row(
    beta,
    two((a, b) => ({ a, b })),
    [...fractions, ...numbers],
  ),
  row(
    bernoulli,
    fractions.map(probability => ({ probability })),
    numbers,
  ),
  row(
    geometric,
    fractions.map(probability => ({ probability })),
    counts,
  ),
  row(
    poisson,
    sizes.map(rate => ({ rate })),
    counts,
  ),
  ...[1, 1000, 2 ** 53 - 1].map(n =>
    row(
      binomial(n),
      fractions.map(probability => ({ probability })),
      counts,
    ),
  ),
  ...sizes.map(r =>
    row(
      negativeBinomial(r),
      fractions.map(probability => ({ probability })),
      counts,
    ),
  ),
  row(
    categorical(2),
    fractions.map(p => ({ probabilities: [p, 1 - p] })),
    numbers,
  ),
  row(
    multinomial(20),
    fractions.map(p => ({ probabilities: [p, 1 - p] })),
    [[20, 0], [3, 17], ...impossible],
  ),
  row(
    dirichlet,
    three((a, b, c) => ({ concentration: [a, b, c] })),
    [
      [1, 0, 0],
      [0, 0.5, 0.5],
      [5e-324, 1e-20, 1],
      [0.2, 0.3, 0.5],
      [Number.NaN, 0.5, 0.5],
    ],
  ),
  row(
    betaBinomial(7),
    two((a, b) => ({ a, b })),
    counts,
  ),
  row(
    dirichletMultinomial(4),
    three((a, b, c) => ({ concentration: [a, b, c] })),
    [
      [4, 0, 0],
      [1, 2, 1],
      [Number.NaN, 1, 1],
    ],
  ),
  row(
    studentT,
    three((degreesOfFreedom, location, scale) => ({ degreesOfFreedom, location, scale })),
    numbers,
  ),
  row(
    diagonalNormal,
    two((a, b) => ({ mean: [a, -b], variances: [b, a] })),
    [...vectors, ...impossible],
  ),
  row(
    isotropicNormal,
    two((a, variance) => ({ mean: [a, 0], variance })),
    [...vectors, ...impossible],
  ),
  row(
    multivariateNormal,
    [
      ...two((a, b) => ({ mean: [a, -b], covariance: covariance(b, a) })),
      ...farMeans.map(mean => ({ mean, covariance: correlated })),
    ],
    [...vectors, ...impossible],
  ),
  row(
    multivariateStudentT,
    three((degreesOfFreedom, a, b) => ({ degreesOfFreedom, location: [a, -b], scale: covariance(b, a) })),
    [...vectors, ...impossible],
  ),
  row(
    normalInverseGamma,
    three((a, b, c) => ({ mean: a, meanPrecision: b, shape: c, scale: a })),
    two((mean, variance) => ({ mean, variance })),
  ),
  row(
    isotropicNormalInverseGamma,
    [
      ...three((a, b, c) => ({ mean: [a, -1], meanPrecision: b, shape: c, scale: a })),
      ...two((size, meanPrecision) => ({ mean: [size, -1e131], meanPrecision, shape: 5, scale: 1e-95 })),
    ],
    two((mean, variance) => ({ mean: [mean, 0], variance })),
  ),
  row(
    vonMisesFisher,
    [0, ...sizes].map(concentration => ({ meanDirection: [0.6, 0, 0.8], concentration })),
    [
      [1, 0, 0],
      [0.6, 0, 0.8],
      [Number.NaN, 0, 1],
    ],
  ),
  row(
    wishart,
    [
      ...three((excess, a, b) => ({ degreesOfFreedom: 1 + Math.max(excess, 1e-15), scale: covariance(a, b) })),
      ...two((degreesOfFreedom, a) => ({ degreesOfFreedom, scale: [[a]] })),
    ],
    matrices,
  ),
  row(
    inverseWishart,
    [
      ...three((excess, a, b) => ({ degreesOfFreedom: 1 + Math.max(excess, 1e-15), scale: covariance(a, b) })),
      ...two((degreesOfFreedom, a) => ({ degreesOfFreedom, scale: [[a]] })),
    ],
    matrices,
  ),
  row(
    normalInverseWishart,
    [
      ...three((excess, a, b) => ({
        mean: [a, -b],
        meanPrecision: b,
        degreesOfFreedom: 1 + Math.max(excess, 1e-15),
        scale: covariance(a, b),
      })),
      ...farMeans.map(mean => ({ mean, meanPrecision: 0.3, degreesOfFreedom: 3.003, scale: correlated })),
    ],
    [],
  ),
]

/** Of 100 members every fifth meets every fifth. */
const some = <A>(all: ReadonlyArray<A>, count = 25): A[] =>
  all.filter((_, i) => i % Math.ceil(all.length / count) === 0)

describe.each(rows.map(r => [r.name, r] as const))('no number of a %s is NaN', (_, { family, members, values }) => {
  test('of its own', () => {
    const found = members.flatMap(p => {
      const drawn = family.sample(p)(random(1))
      return nansOf(p, {
        sample: () => drawn,
        mean: () => family.mean(p),
        variance: () => family.variance(p),
        mode: () => family.mode(p),
        entropy: () => family.entropy(p),
        logProb: () => [drawn, ...values].map(family.logProb(p)),
      })
    })
    expect(found).toEqual([])
  })

  if (family.natural === undefined) return
  const ofForm = family as unknown as ExponentialFamily<never, never, unknown, unknown>
  test('as an exponential family', () => {
    const found = members.flatMap(p =>
      nansOf(p, {
        natural: () => ofForm.natural(p),
        logNormaliser: () => ofForm.logNormaliser(p),
        expectedStatistic: () => ofForm.expectedStatistic(p),
        fisherInformation: () => ofForm.fisherInformation(p),
        form: () => values.map(logProbOfExponentialForm(ofForm)(p)),
        logBaseMeasure: () => values.map(ofForm.logBaseMeasure),
      }),
    )
    expect(found).toEqual([])
  })

  test('a divergence is never negative either, and 0 from itself', () => {
    const found = members.flatMap(p => {
      const from = ofForm.klDivergence(p)
      const others = some(members).flatMap(q =>
        from(q) >= 0 ? [] : [`KL of ${JSON.stringify(p)} from ${JSON.stringify(q)}: ${from(q)}`],
      )
      return from(p) === 0 ? others : [...others, `KL of ${JSON.stringify(p)} from itself: ${from(p)}`]
    })
    expect(found).toEqual([])
  })
})

interface PairRow {
  readonly name: string
  readonly pair: ConjugatePrior<never, never, never, unknown>
  readonly priors: ReadonlyArray<never>
  readonly observations: ReadonlyArray<never>
}

const pairRow = (name: string, pair: unknown, priors: ReadonlyArray<unknown>, observations: ReadonlyArray<unknown>) =>
  ({ name, pair, priors: some(priors, 40), observations }) as unknown as PairRow

const membersOf = (name: string): ReadonlyArray<unknown> => rows.find(r => r.name === name)!.members
/** Each beside the next one, for two columns. */
const pairsOf = (members: ReadonlyArray<unknown>) => members.map((p, i) => [p, members[(i + 1) % members.length]])
const few2 = [-1e300, -1e160, -1, 0, 1e-300, 1, 1e160, 1e300]
const pairs: ReadonlyArray<PairRow> = [
  pairRow('beta and Bernoulli', betaBernoulliPrior, membersOf('Beta'), [0, 1]),
  pairRow('Dirichlet and categories', dirichletPrior(3), membersOf('Dirichlet'), [0, 1, 2]),
  pairRow('Dirichlet and counts', dirichletMultinomialPrior(3, 3), membersOf('Dirichlet'), [
    [3, 0, 0],
    [1, 0, 2],
  ]),
  pairRow('Dirichlet and counts of any total', dirichletCountsPrior(3), membersOf('Dirichlet'), [
    [0, 0, 0],
    [1, 0, 2 ** 53 - 1],
  ]),
  pairRow('betas and independent Bernoullis', betaBernoulliPriorOf(2), pairsOf(membersOf('Beta')), [
    [0, 0],
    [0, 1],
  ]),
  pairRow('gammas and independent Poissons', gammaPoissonPriorOf(2), pairsOf(membersOf('Gamma')), [
    [0, 0],
    [2 ** 53 - 1, 1],
  ]),
  pairRow('gamma and Poisson', gammaPoissonPrior, membersOf('Gamma'), [0, 1, 1e15, 1e300]),
  pairRow('gamma and exponential', gammaExponentialPrior, membersOf('Gamma'), [0, 5e-324, 1, 1e300]),
  ...[1e-300, 1, 1e300].flatMap(known => [
    pairRow(`gamma and normal about ${known}`, gammaNormalPrior(known), membersOf('Gamma'), few2),
    pairRow(`inverse gamma and normal about ${known}`, inverseGammaNormalPrior(known), membersOf('InverseGamma'), few2),
    pairRow(`gamma and gamma of shape ${known}`, gammaRatePrior(known), membersOf('Gamma'), [5e-324, 1, 1e300]),
    pairRow(`normal and mean of variance ${known}`, normalMeanPrior(known), membersOf('Normal'), few2),
    pairRow(`mean direction of ${known}`, meanDirectionPrior(known), membersOf('VonMisesFisher'), [
      [1, 0, 0],
      [0.6, 0, 0.8],
    ]),
    pairRow(`Wishart about ${known}`, wishartPrior([known, 0]), membersOf('Wishart'), vectors.slice(0, 12)),
  ]),
  pairRow('normal-inverse-gamma', normalInverseGammaPrior, membersOf('NormalInverseGamma'), few2),
  pairRow('isotropic', isotropicNormalPrior, membersOf('IsotropicNormalInverseGamma'), vectors.slice(0, 12)),
  pairRow('normal-inverse-Wishart', normalInverseWishartPrior, membersOf('NormalInverseWishart'), vectors.slice(0, 12)),
]

test.each(pairs.map(p => [p.name, p] as const))('no number of %s is NaN', (_, { pair, priors, observations }) => {
  const found = priors.flatMap(q =>
    nansOf(q, {
      evidence: () => observations.map(x => pair.evidence(pair.observe(q)(x, 3))),
      posterior: () => observations.map(x => pair.update(pair.observe(q)(x, 0.5))(q)),
      posteriorMode: () => observations.map(x => pair.posteriorMode?.(pair.observe(q)(x, 1e308))(q)),
      logPredictive: () => observations.map(x => logPredictive(pair)(q)(x)),
      logMarginalLikelihood: () => logMarginalLikelihood(pair)(q)(observations.slice(0, 3)),
      expectedNatural: () => expectedNatural(pair)(q),
    }),
  )
  expect(found).toEqual([])
})

const hole = (list: number[], at: number): number[] => {
  delete list[at]
  return list
}

test.each<readonly [string, unknown]>([
  ['Dirichlet', dirichletMultinomialPrior(3, 3)],
  ['Dirichlet', dirichletCountsPrior(3)],
  ['VonMisesFisher', meanDirectionPrior(2)],
])('an observation with a hole is none that a %s could be updated with', (name, pair) => {
  const { observe, update, evidence } = pair as ConjugatePrior<unknown, unknown, number[], unknown>
  const q = membersOf(name).at(-1)
  for (const weight of [0, 1, 1e300])
    for (const at of [0, 2]) {
      const statistics = observe(q)(hole([1, 1, 1], at), weight)
      expect(nanIn(evidence(statistics))).toBeUndefined()
      expect(update(statistics)(q)).toMatchObject({ _tag: 'Left' })
    }
})

test('sets of observations of any weight and place join to numbers', () => {
  const weights = [1e-300, 1, 1e200, 1e308]
  const places = [0, -1e308, 1e308]
  const sets = weights.flatMap(weight => places.map(mean => [weight, mean] as const))
  for (const [pair, q, x] of [
    [normalInverseWishartPrior, membersOf('NormalInverseWishart')[0], (v: number) => [v, 1]],
    [isotropicNormalPrior, membersOf('IsotropicNormalInverseGamma')[0], (v: number) => [v, 1]],
    [normalInverseGammaPrior, membersOf('NormalInverseGamma')[0], (v: number) => v],
  ] as unknown as ReadonlyArray<
    readonly [ConjugatePrior<unknown, unknown, unknown, unknown>, unknown, (v: number) => unknown]
  >)
    for (const [w, m] of sets)
      for (const [v, n] of sets) {
        const joined = pair.monoid(q).concat(pair.observe(q)(x(m), w), pair.observe(q)(x(n), v))
        expect(nanIn(joined), `${pair.family.name} of ${w} at ${m} and ${v} at ${n}`).toBeUndefined()
      }
})
