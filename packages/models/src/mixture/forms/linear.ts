import {
  type ConjugatePrior,
  type ExponentialFamily,
  expectedNatural,
  type InvalidParameter,
  type Natural,
  random,
  type Statistic,
  toStatistic,
} from '@conjugate/distributions'
import type { LinearDensities } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../../errors.js'
import { impossibleObservation, readObservations } from '../../observations.js'
import { columnSizesOf } from '../sizes.js'
import type { Form, PairTypes, SourceRows } from './form.js'

/**
 * Stands for -Infinity where executors want finite numbers: a probability of exactly 0, as a logarithm. Counts of up to 2^53
 * times as much stay finite, too.
 */
export const LOG_ZERO = -1e290

/** Log densities below are those of probabilities that are exactly 0. */
export const LOWEST = -1e289

/** <eta_k, t> + log h + constant_k for each component: log h is a column with a factor of 1, so that noise may do without. */
export const linearDensities = (
  members: ReadonlyArray<{ readonly natural: Vector; readonly logNormaliser: number }>,
): LinearDensities => {
  const columns = members[0]!.natural.length + 1
  const natural = new Float64Array(members.length * columns).fill(1)
  for (const [k, member] of members.entries())
    natural.set(
      Float64Array.from(member.natural, v => (v === Number.NEGATIVE_INFINITY ? LOG_ZERO : v)),
      k * columns,
    )
  return {
    _tag: 'Linear',
    components: members.length,
    columns,
    natural,
    logConstant: Float64Array.from(members, m => -m.logNormaliser),
  }
}

/**
 * A member whose densities are sums: eta may be -Infinity, where something is impossible, but not Infinity, where something is
 * certain, as success in every trial, since what is then left of <eta, t> - A are no digits. Errors: such a member.
 */
export const summable =
  <P>({ natural }: { readonly natural: (member: P) => Vector }) =>
  (member: P): E.Either<InvalidParameter, P> => {
    const certain = Array.from(natural(member)).indexOf(Number.POSITIVE_INFINITY)
    return certain < 0
      ? E.right(member)
      : E.left({
          _tag: 'InvalidParameter',
          distribution: 'Mixture',
          parameter: `natural[${certain}]`,
          expected:
            'a finite number: where success is certain, count failures instead, or take a categorical, or a prior above 1',
          received: 'Infinity',
        })
  }

/** An inner product of a row is off by some units of its greatest term, of which the constant is one in size. */
export const linearRounding = (constants: Float64Array, counts: Vector, spacing: number): number =>
  constants.reduce(
    (total, c, k) =>
      total + 4 * (Number.EPSILON + spacing) * Math.abs(c === Number.NEGATIVE_INFINITY ? 0 : c) * (counts[k]! + 1),
    0,
  )

/** What reading observations of a family takes. */
type Observed<P, X> = Pick<ExponentialFamily<P, X, unknown, unknown>, 'support' | 'statistic' | 'logBaseMeasure'>

/** A statistic that overflows: anything as great is as unlikely. */
export const saturated = (t: number): number => Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, t))

/**
 * N x (F + 1) of observations that have been read: statistics, then log h. Errors: an observation outside the support, or
 * whose statistic is not finite, if it counts.
 */
export const statisticRows = <P, X>(
  xs: ReadonlyArray<X>,
  { support, statistic, logBaseMeasure }: Observed<P, X>,
  weights?: Vector,
): E.Either<FitError, SourceRows<X>> => {
  let rows: Matrix & { readonly data: Float64Array } = { rows: xs.length, columns: 1, data: new Float64Array(0) }
  for (const [n, x] of xs.entries()) {
    const impossible = (): E.Either<FitError, never> => E.left(impossibleObservation(support, n, x))
    const log = logBaseMeasure(x)
    // Written so that NaN fails it too.
    if (!(log > Number.NEGATIVE_INFINITY)) return impossible()
    const t = statistic(x)
    const columns = t.length + 1
    if (n === 0) rows = { rows: xs.length, columns, data: new Float64Array(xs.length * columns) }
    if (columns !== rows.columns)
      return E.left({ _tag: 'RaggedRows', row: n, expected: rows.columns - 1, received: t.length })
    for (let f = 0; f < t.length; f++) {
      const value = weights?.[n] === 0 ? saturated(t[f]!) : t[f]!
      if (!Number.isFinite(value)) return impossible()
      rows.data[n * columns + f] = value
    }
    rows.data[n * columns + t.length] = log
  }
  return E.right({ rows, features: rows.columns - 1, sizes: columnSizesOf(rows, weights) })
}

/** What reading and telling the members of a family takes. */
export type StatisticFamily<P, X> = Observed<P, X> &
  Pick<ExponentialFamily<P, X, unknown, unknown>, 'natural' | 'fromNatural' | 'logNormaliser'>

/** Any family: rows are the statistics t(x), and one more column holds log h(x). */
export const statisticForm = <P, X, S>(
  family: StatisticFamily<P, X>,
  fromStatistic: (weight: number, sum: Statistic<P>) => S,
): Omit<Form<PairTypes<never, P, X, S>, LinearDensities>, 'componentAt'> => ({
  densityForm: 'Linear',
  designMatrix: (source, _prior, { places, weights }) =>
    pipe(
      readObservations(family.support, source),
      E.chain(xs => statisticRows(xs, family, places ? undefined : weights)),
    ),
  ofMembers: members =>
    linearDensities(members.map(p => ({ natural: family.natural(p), logNormaliser: family.logNormaliser(p) }))),
  // A family alone has no posteriors.
  ofPosteriors: () => linearDensities([]),
  statistics: ({ components, columns }, { weight, sum }) =>
    Array.from({ length: components }, (_, k) =>
      fromStatistic(weight[k]!, toStatistic<P>(sum.subarray(k * columns, (k + 1) * columns - 1))),
    ),
  rounding: ({ logConstant }, counts, spacing) => linearRounding(logConstant, counts, spacing),
  coordinates: {
    toVector: p => Float64Array.from(family.natural(p)),
    fromVector: v => family.fromNatural(v as Vector as Natural<P>),
  },
})

/** The same of a pair of a likelihood and its prior, about the centre of the observations where there is a location. */
export const linearForm = <Q, P, X, S>(
  pair: ConjugatePrior<Q, P, X, S>,
): Form<PairTypes<Q, P, X, S>, LinearDensities> => {
  const { likelihood, fromStatistic, translation } = pair
  return {
    ...statisticForm(likelihood, fromStatistic),
    designMatrix: (source, prior, { places, weights }) => {
      const read = readObservations(likelihood.support, source)
      if (E.isLeft(read)) return read
      const xs = read.right
      if (xs.length === 0) {
        // Any member tells how many statistics there are.
        const features = likelihood.natural(pair.family.sample(prior)(random(0))).length
        return E.right({ rows: { rows: 0, columns: features + 1, data: new Float64Array(0) }, features })
      }
      const ofRows = places ? undefined : weights
      if (translation === undefined) return statisticRows(xs, likelihood, ofRows)
      const centre = translation.centre(places ?? xs, weights)
      const { observation } = translation.toCentred(centre)
      const rows = statisticRows(xs, { ...likelihood, statistic: x => likelihood.statistic(observation(x)) }, ofRows)
      return E.isLeft(rows) ? rows : E.right({ ...rows.right, centre })
    },
    ofPosteriors: posteriors => linearDensities(posteriors.map(expectedNatural(pair))),
  }
}
