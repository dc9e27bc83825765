import {
  diagonal,
  logGammaWeight,
  logMultivariateBeta,
  type Matrix,
  square,
  sumOf,
  sumOfLogs,
  type Vector,
} from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type ExponentialFamily,
  type MemberOf,
  type Natural,
  type Statistic,
  toNatural,
  toStatistic,
} from '../family.js'
import { guarded } from '../guarded.js'
import {
  concentrationOf,
  covarianceOfLogs,
  divergenceOfDirichlets,
  entropyOfDirichlet,
  expectedLogs,
} from '../math/dirichlet-moments.js'
import { sharesOfGammas } from '../math/draws.js'
import { logarithms } from '../math/logarithms.js'
import { product } from '../math/products.js'
import { aVector, members } from '../member.js'
import { positive } from '../requirements.js'
import { logs } from '../statistic.js'
import { vectors } from '../support.js'
import { onSimplex, type Validated, validator } from '../validation.js'

/** Dirichlet(concentration) on K probabilities that sum to 1. Made by `dirichlet.make`. */
export interface Dirichlet extends MemberOf<'Dirichlet'> {
  /** alpha, K >= 1 positive numbers: as a prior of probabilities, how many observations of each category it is worth. */
  readonly concentration: Vector
}

/** The family of Dirichlets. The density is with respect to Lebesgue measure on the first K - 1 probabilities. */
export interface DirichletFamily extends ExponentialFamily<Dirichlet, Vector> {
  /** Validates and copies the parameters. Errors: a concentration that is not positive and finite, or a sum beyond float64. */
  readonly make: (parameters: { readonly concentration: ArrayLike<number> }) => Validated<Dirichlet>
  /** The K x K covariance matrix. */
  readonly covariance: (p: Dirichlet) => Matrix
}

const name = 'Dirichlet'
const check = validator(name)

const make: DirichletFamily['make'] = parameters =>
  pipe(
    check.vector('concentration', parameters.concentration, positive),
    E.chainFirst(concentration => check.scalar('sum of concentration', sumOf(concentration), positive)),
    E.map(concentration => ({ concentration })),
  )

/**
 * On the boundary of the simplex: the limit of the density where there is one. There is none where one probability of 0 raises
 * it without bound and another one lowers it so, and then it is 0.
 */
const logProbOfBoundary = ({ concentration }: Dirichlet, x: Vector, constant: number): number => {
  let sum = constant
  for (let k = 0; k < x.length; k++) {
    // 0 log 0 = 0: a concentration of 1 does not see its probability.
    sum += product(concentration[k]! - 1, Math.log(x[k]!))
    if (Number.isNaN(sum)) return Number.NEGATIVE_INFINITY
  }
  return sum
}

/** Where all concentrations of many categories are the same and not large, nothing cancels of which digits would be missed. */
const [MANY, LARGE] = [64, 32]

const isFlat = ({ concentration }: Dirichlet): boolean => {
  const a = concentration[0]!
  if (concentration.length < MANY || a > LARGE) return false
  for (let k = 1; k < concentration.length; k++) if (concentration[k] !== a) return false
  return true
}

const logProb = (p: Dirichlet): ((x: Vector) => number) => (isFlat(p) ? logProbOfFlat(p) : logProbOfAny(p))

/** By one sum of logarithms, as of the words of a language. */
const logProbOfFlat = (p: Dirichlet): ((x: Vector) => number) => {
  const constant = -logNormaliser(p)
  const exponent = p.concentration[0]! - 1
  return x => {
    if (x.length !== p.concentration.length || !onSimplex(x)) return Number.NEGATIVE_INFINITY
    const logs = sumOfLogs(x)
    return logs === Number.NEGATIVE_INFINITY ? logProbOfBoundary(p, x, constant) : constant + exponent * logs
  }
}

const logProbOfAny = (p: Dirichlet): ((x: Vector) => number) => {
  const sum = sumOf(p.concentration)
  const weights = Array.from(p.concentration, logGammaWeight)
  const weightOfAll = logGammaWeight(sum)(sum)
  const constant = -logNormaliser(p)
  return x => {
    if (x.length !== p.concentration.length || !onSimplex(x)) return Number.NEGATIVE_INFINITY
    let log = -weightOfAll
    for (let k = 0; k < x.length; k++) {
      if (x[k] === 0) return logProbOfBoundary(p, x, constant)
      log += weights[k]!(sum, x[k]!) - Math.log(x[k]!)
    }
    return log
  }
}

const mean = (p: Dirichlet): Float64Array => {
  const sum = sumOf(p.concentration)
  return Float64Array.from(p.concentration, a => a / sum)
}

const covariance = (p: Dirichlet): Matrix => {
  const m = mean(p)
  const factor = 1 / (sumOf(p.concentration) + 1)
  return square(m.length, (i, j) => factor * m[i]! * ((i === j ? 1 : 0) - m[j]!))
}

/** (alpha_k - 1) / (sum alpha - K), where every alpha_k > 1. */
const mode = (p: Dirichlet): O.Option<Vector> => {
  const excess = Float64Array.from(p.concentration, a => a - 1)
  const sum = sumOf(excess)
  return excess.every(v => v > 0) ? O.some(excess.map(v => v / sum)) : O.none
}

const natural = (p: Dirichlet): Natural<Dirichlet> => toNatural(Float64Array.from(p.concentration, a => a - 1))

const fromNatural = (eta: Natural<Dirichlet>): Validated<Dirichlet> =>
  make({ concentration: Float64Array.from(eta, v => v + 1) })

const logNormaliser = (p: Dirichlet): number => logMultivariateBeta(p.concentration)

/** E log x_k = digamma(alpha_k) - digamma(sum alpha). */
const expectedStatistic = (p: Dirichlet): Statistic<Dirichlet> => toStatistic(expectedLogs(p.concentration))

const fromExpectedStatistic = (t: Statistic<Dirichlet>): Validated<Dirichlet> =>
  pipe(
    check.statistic(t, t.length),
    E.chain(concentrationOf(check)),
    E.chain(concentration => make({ concentration })),
  )

/**
 * The Dirichlet as an exponential family: t(x) = log x, eta = alpha - 1, A = log B(alpha), h = 1.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.2.1.
 *
 * @support K nonnegative numbers that sum to 1
 * @prior none in the library
 * @example
 * import { dirichlet } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = dirichlet.make({ concentration: [2, 3, 5] })
 * if (E.isRight(p)) console.log(dirichlet.logProb(p.right)([0.2, 0.3, 0.5]).toFixed(4)) // prints 2.1407
 */
export const dirichlet: DirichletFamily = guarded<DirichletFamily>({
  name,
  support: vectors('positive numbers that sum to 1'),
  make,
  logProb,
  sample: p => sharesOfGammas(p.concentration),
  mean: p => O.some(mean(p)),
  variance: p => O.some(diagonal(covariance(p))),
  covariance,
  mode,
  entropy: p => entropyOfDirichlet(p.concentration),
  klDivergence: p => q => divergenceOfDirichlets(p.concentration, q.concentration),
  statistic: x => toStatistic(logarithms(x)),
  statisticExpression: logs,
  logBaseMeasure: x => (onSimplex(x) ? 0 : Number.NEGATIVE_INFINITY),
  natural,
  fromNatural,
  logNormaliser,
  expectedStatistic,
  fromExpectedStatistic,
  member: members(name, { concentration: aVector }, make),
  fisherInformation: p => covarianceOfLogs(p.concentration),
})
