// What gives numbers and no Either: of numbers, and of holes among them, they are numbers. NaN and infinities may lead to NaN.
import * as d from '@conjugate/distributions'
import { dot, outer, solve, solveLower, subtract } from '@conjugate/linalg'
import { families } from './constructors.js'

const isNumber = value => typeof value === 'number' && Number.isFinite(value)

/** Whether there are only finite numbers, in lists that may have holes. */
const areNumbers = args => {
  try {
    return args.every(
      value => isNumber(value) || (Array.isArray(value) && Object.keys(value).every(key => isNumber(value[key]))),
    )
  } catch {
    // Proxies that break whatever looks at them are no numbers.
    return false
  }
}

const areAlike = (given, args) =>
  given.length === args.length && given.every((value, i) => Array.isArray(value) === Array.isArray(args[i]))

/** A function of numbers and lists of them as a call; of anything else it promises nothing. */
const numeric = (name, args, run) => ({
  name,
  args,
  run: (...given) => ({ _tag: 'Right', right: areNumbers(given) && areAlike(given, args()) ? run(...given) : 0 }),
})

const factor = { rows: 2, columns: 2, data: Float64Array.of(1e-150, 0, -3e-140, 1) }
const two = () => [1, 2]

/** All that a member says of itself. */
const ofMember = (family, p) => {
  const drawn = family.sample(p)(d.random(1))
  const form = 'natural' in family && [
    family.natural(p),
    family.logNormaliser(p),
    family.expectedStatistic(p),
    family.klDivergence(p)(p),
  ]
  return [drawn, family.logProb(p)(drawn), family.mean(p), family.variance(p), family.mode(p), family.entropy(p), form]
}

/** Pairs of which an observation is a list. */
const pairs = {
  dirichletMultinomialPrior: [d.dirichletMultinomialPrior(5, 2), d.dirichlet, { concentration: [1, 2] }],
  normalInverseWishartPrior: [
    d.normalInverseWishartPrior,
    d.normalInverseWishart,
    {
      mean: [0, 1],
      meanPrecision: 1,
      degreesOfFreedom: 4,
      scale: [
        [2, 0.5],
        [0.5, 1],
      ],
    },
  ],
  isotropicNormalPrior: [
    d.isotropicNormalPrior,
    d.isotropicNormalInverseGamma,
    { mean: [0, 1], meanPrecision: 1, shape: 2, scale: 3 },
  ],
  meanDirectionPrior: [d.meanDirectionPrior(2), d.vonMisesFisher, { meanDirection: [0.6, 0.8], concentration: 3 }],
  wishartPrior: [
    d.wishartPrior([0, 1]),
    d.wishart,
    {
      degreesOfFreedom: 4,
      scale: [
        [2, 0.5],
        [0.5, 1],
      ],
    },
  ],
}

export const numberCalls = [
  numeric(
    'dot',
    () => [two(), two()],
    (a, b) => dot(b)(a),
  ),
  numeric(
    'subtract',
    () => [two(), two()],
    (a, b) => subtract(b)(a),
  ),
  numeric(
    'outer',
    () => [2, two()],
    (w, x) => outer(w)(x),
  ),
  numeric(
    'solve',
    () => [two()],
    b => solve(b)(factor),
  ),
  numeric(
    'solveLower',
    () => [two()],
    b => solveLower(b)(factor),
  ),
  ...families.map(([name, family, make]) => ({
    name: `all of a member of ${name}`,
    args: () => [make()],
    run: parameters => {
      const made = family.make(parameters)
      return made._tag === 'Left' ? made : { _tag: 'Right', right: ofMember(family, made.right) }
    },
  })),
  ...Object.entries(pairs).map(([name, [pair, family, parameters]]) =>
    numeric(
      `observe of ${name}`,
      () => [two(), 3],
      (x, weight) => pair.observe(family.make(parameters).right)(x, weight),
    ),
  ),
]
