import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Monoid } from 'fp-ts/lib/Monoid.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, innerProduct, type Natural, toNatural, toStatistic } from '../family.js'
import type { Random } from '../random.js'
import type { StatisticExpression } from '../statistic.js'
import type { Support } from '../support.js'
import { type Validated, validator } from '../validation.js'
import type { ConjugatePrior, Likelihood } from './conjugate-prior.js'
import { guardedPair } from './guarded-pair.js'
import { reparametrise } from './reparametrise.js'

/** Sufficient statistics of weighted observations: what most pairs know of them. */
export interface WeightedSums {
  /** The weight of all observations, sum_n w_n. */
  readonly weight: number
  /** The weighted sums of the statistic, sum_n w_n t(x_n): F numbers. */
  readonly sums: Float64Array
}

/** What only the author of a pair can say; all else of it follows. `T` is what the prior is of, `X` are observations. */
export interface PairDefinition<Q, T, X> {
  /** The name of the likelihood, for messages: `Rayleigh`. */
  readonly name: string
  /** The prior, a family over the parameter. */
  readonly prior: ExponentialFamily<Q, T>
  /** What the parameter is called in members: `{ rate: 2 }` for `rate`. */
  readonly parameter: string
  /** F, the number of sufficient statistics of an observation; 1 by default. */
  readonly size?: number
  /** The sufficient statistic t(x) of an observation, F numbers. */
  readonly statistic: (x: X) => ReadonlyArray<number>
  /** The log base measure log h(x); -Infinity for what no member gives. */
  readonly logBaseMeasure: (x: X) => number
  /** What observations of a weight and sums of t(x) add to the natural parameters of the prior: linear in both. */
  readonly evidence: (weight: number, sums: Float64Array) => ReadonlyArray<number>
  /** Draws an observation, for Gibbs sampling and draws from fits. */
  readonly sample: (parameter: T) => (random: Random) => X
  /** The parameter whose natural parameters are `eta`, in which SQUAREM leaps. */
  readonly fromNatural: (eta: Float64Array) => T
  /** What observations are, for those who read data. */
  readonly support?: Support
  /** Of vectors, t(x) as an expression of so many columns: where it is these themselves, in their order, rows may be sparse. */
  readonly statisticExpression?: (columns: number) => StatisticExpression
  /** Of vectors: log h(x) by the entries that are not 0, in their order, where that is all it takes. */
  readonly logBaseOfEntries?: (entries: Vector) => number
  /** The numbers by which a member is chosen, which information criteria count; 1 by default. */
  readonly freeParameters?: number
}

export const monoidOf = (size: number): Monoid<WeightedSums> => ({
  empty: { weight: 0, sums: new Float64Array(size) },
  concat: (a, b) => ({ weight: a.weight + b.weight, sums: a.sums.map((v, i) => v + b.sums[i]!) }),
})

/** log p(x) = <eta, t(x)> - A + log h(x); -Infinity of what no member gives, which need not have a statistic. */
export const logProbOfForm =
  <P, X>({
    natural,
    statistic,
    logNormaliser,
    logBaseMeasure,
  }: Pick<Likelihood<P, X>, 'natural' | 'statistic' | 'logNormaliser' | 'logBaseMeasure'>): Likelihood<
    P,
    X
  >['logProb'] =>
  p => {
    const [eta, a] = [natural(p), logNormaliser(p)]
    return x => {
      const base = logBaseMeasure(x)
      return base > Number.NEGATIVE_INFINITY ? innerProduct(eta, statistic(x)) - a + base : Number.NEGATIVE_INFINITY
    }
  }

/**
 * The pair of a likelihood and its conjugate prior, from what is its own. For a parameter theta whose prior has the statistic
 * u(theta), evidence of weight w and sums s has <evidence(w, s), u(theta)> = <eta(theta), s> - w A(theta): so eta and A of the
 * likelihood follow from the evidence, and so do densities, statistics, posteriors and modes.
 * Source: Diaconis and Ylvisaker, Conjugate priors for exponential families (1979).
 */
export const conjugatePair = <Q, T, X, Name extends string>({
  name,
  prior,
  parameter,
  size = 1,
  statistic,
  logBaseMeasure,
  evidence,
  sample,
  fromNatural,
  support,
  statisticExpression,
  logBaseOfEntries,
  freeParameters = 1,
}: PairDefinition<Q, T, X> & { readonly parameter: Name }): ConjugatePrior<
  Q,
  { readonly [N in Name]: T },
  X,
  WeightedSums
> => {
  type P = { readonly [N in Name]: T }
  const check = validator(name)
  const member = (value: T): P => ({ [parameter]: value }) as P
  const parameterOf = (p: P): T => p[parameter]
  const evidenceOf = (weight: number, sums: Float64Array): Natural<Q> => toNatural<Q>(evidence(weight, sums))
  const units = Array.from({ length: size }, (_, f) =>
    evidenceOf(
      0,
      tabulate(size, i => (i === f ? 1 : 0)),
    ),
  )
  const ofWeight = evidenceOf(1, new Float64Array(size))
  const natural = (p: P): Natural<P> => {
    const u = prior.statistic(parameterOf(p))
    return toNatural<P>(tabulate(size, f => innerProduct(units[f]!, u)))
  }
  const logNormaliser = (p: P): number => -innerProduct(ofWeight, prior.statistic(parameterOf(p)))
  const isGiven = (value: T): boolean =>
    prior.logBaseMeasure(value) > Number.NEGATIVE_INFINITY && Array.from(prior.statistic(value)).every(Number.isFinite)
  const checked = (p: P): Validated<P> =>
    isGiven(parameterOf(p))
      ? E.right(p)
      : check.fail(parameter, `a value that the ${prior.name} can give`, parameterOf(p))
  const monoid = monoidOf(size)
  const likelihood: Likelihood<P, X> = {
    support,
    logProb: logProbOfForm({ natural, statistic: x => toStatistic<P>(statistic(x)), logNormaliser, logBaseMeasure }),
    sample: p => sample(parameterOf(p)),
    statistic: x => toStatistic<P>(statistic(x)),
    ...(statisticExpression && { statisticExpression }),
    logBaseMeasure,
    ...(logBaseOfEntries && { logBaseOfEntries }),
    natural,
    fromNatural: eta => checked(member(fromNatural(Float64Array.from(eta)))),
    logNormaliser,
    member: value =>
      typeof value === 'object' && value !== null && parameter in value
        ? checked(value as P)
        : check.fail(parameter, `an object of ${parameter}`, value),
  }
  return guardedPair<Q, P, X, WeightedSums>({
    family: reparametrise(prior, member, parameterOf),
    likelihood,
    monoid: () => monoid,
    observe: () => (x, weight) => ({ weight, sums: Float64Array.from(statistic(x), v => weight * v) }),
    fromStatistic: (weight, sums) => ({ weight, sums: Float64Array.from(sums) }),
    scale: factor => s => ({ weight: factor * s.weight, sums: s.sums.map(v => factor * v) }),
    evidence: s => evidenceOf(s.weight, s.sums),
    update: s => q => {
      const more = evidenceOf(s.weight, s.sums)
      return prior.fromNatural(toNatural<Q>(Float64Array.from(prior.natural(q), (v, i) => v + more[i]!)))
    },
    jointMode: q =>
      pipe(
        prior.mode(q),
        O.match(
          () => check.fail(parameter, `a mode of the ${prior.name}`, 'none'),
          value => E.right(member(value)),
        ),
      ),
    freeParameters: () => freeParameters,
  })
}
