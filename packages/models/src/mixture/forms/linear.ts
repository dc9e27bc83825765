import {
  type ConjugatePrior,
  type ExponentialFamily,
  expectedNatural,
  type InvalidParameter,
  type Natural,
  random,
  type Statistic,
  statisticLength,
  toStatistic,
} from '@conjugate/distributions'
import type { LinearDensities } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { FitError } from '../../errors.js'
import type { Cells, Observations } from '../../observations/cells.js'
import { impossibleObservation, readObservations } from '../../observations/observations.js'
import { comparedRows, toldApart } from '../comparable.js'
import type { Form, PairTypes, SourceRows } from './form.js'
import { planOfFamily, planOfProduct } from './row-plan.js'
import { rowsOfSmallNumbers } from './small-numbers.js'
import {
  type Filled,
  isTheNumber,
  lengthOf,
  type Observed,
  type StatisticSource,
  statisticWriter,
  type Target,
  targetOf,
  writeRows,
} from './statistic-rows.js'
import { rowsOfProduct } from './table-rows.js'

/**
 * Stands for -Infinity where executors want finite numbers: a probability of exactly 0, as a logarithm. Counts of up to 2^53
 * times as much stay finite, too.
 */
export const LOG_ZERO = -1e290

/** Log densities below are those of probabilities that are exactly 0. */
export const LOWEST = -1e289

/** <eta_k, t> + log h + constant_k for each component: log h is a column with a factor of 1, so that noise may do without. */
export const linearDensities = (
  members: ReadonlyArray<{ readonly natural: Vector; readonly isWhole?: boolean; readonly logNormaliser: number }>,
): LinearDensities => {
  const columns = members[0]!.natural.length + 1
  const natural = new Float64Array(members.length * columns)
  for (const [k, { natural: own, isWhole = false }] of members.entries()) {
    natural.set(own, k * columns)
    natural[(k + 1) * columns - 1] = 1
    if (isWhole) continue
    for (let i = 0, to = k * columns; i < own.length; i++, to++)
      if (own[i] === Number.NEGATIVE_INFINITY) natural[to] = LOG_ZERO
  }
  return {
    _tag: 'Linear',
    components: members.length,
    columns,
    natural,
    logConstant: Float64Array.from(members, m => -m.logNormaliser),
  }
}

/**
 * Natural parameters that were looked at in an M-step, until densities are made of them: they may be as many logarithms as a language
 * has words.
 */
const lookedAt = new WeakMap<object, { readonly by: unknown; readonly own: Vector }>()

/** Natural parameters of a member, and whether none of them is infinite, where that is known. */
const naturalOf = <P>(
  { natural }: { readonly natural: (member: P) => Vector },
  member: P,
): { readonly natural: Vector; readonly isWhole: boolean } => {
  const found = typeof member === 'object' && member !== null ? lookedAt.get(member) : undefined
  if (found?.by !== natural) return { natural: natural(member), isWhole: false }
  lookedAt.delete(member as object)
  return { natural: found.own, isWhole: true }
}

/** A loop and nothing else: there may be as many numbers as a language has words, and M-steps look at them all. */
const allFinite = (values: Vector): boolean => {
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return false
  return true
}

/**
 * A member whose densities are sums: eta may be -Infinity, where something is impossible, but not Infinity, where something is
 * certain, as success in every trial, since what is then left of <eta, t> - A are no digits. Errors: such a member.
 */
export const summable =
  <P>({ natural }: { readonly natural: (member: P) => Vector }) =>
  (member: P): E.Either<InvalidParameter, P> => {
    const own = natural(member)
    const isWhole = allFinite(own)
    let certain = -1
    for (let i = 0; !isWhole && certain < 0 && i < own.length; i++) if (own[i] === Number.POSITIVE_INFINITY) certain = i
    if (isWhole && typeof member === 'object' && member !== null) lookedAt.set(member, { by: natural, own })
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

const writeEach = (source: StatisticSource, target: Target, length: number): E.Either<number, Filled> =>
  writeRows(target, [statisticWriter(source, { target, first: 0, length, logColumn: length, isOnly: true })])

/** Records that have been read, side by side. */
const recordsIn = ({ values, size }: Cells, rows: number): Matrix => ({ rows, columns: size, data: values })

/**
 * N x (F + 1) of observations that have been read: statistics, then log h. Errors: an observation outside the support, or
 * whose statistic is not finite, if it counts.
 */
export const statisticRows = <P, X>(
  { rows: count, columns: [cells], at }: Observations<X>,
  family: Observed<P, X>,
  weights: Vector | undefined,
  moved?: (x: X) => X,
): E.Either<FitError, SourceRows<X>> => {
  const isVector = family.support?._tag !== 'Number'
  const isOfRecords = family.support?._tag === 'Table'
  const source: StatisticSource = { family, cells, isVector, at, moved }
  const length = count === 0 ? 0 : lengthOf(source)
  const small = isTheNumber(source) ? rowsOfSmallNumbers(cells!, source.family, weights) : undefined
  const written = small ?? writeEach(source, targetOf(count, length + 1, weights), length)
  if (E.isRight(written)) {
    const { compared, toldApartBy } = family
    const { rows } = written.right
    return E.right({
      ...written.right,
      features: length,
      ...(small && { comparable: () => ({ rows, features: length, hasNoGaps: true }) }),
      // Of numbers what has been read, since the list may be another one by then; records are read into a copy.
      ...(toldApartBy && isTheNumber(source) && { comparable: () => toldApart(rows, 1, toldApartBy) }),
      ...(toldApartBy &&
        cells &&
        isOfRecords && { comparable: () => toldApart(recordsIn(cells, count), cells.size, toldApartBy) }),
      ...(compared && { comparable: () => comparedRows(rows, length, compared) }),
    })
  }
  const wrong = written.left
  const x = at(wrong)
  const received = family.logBaseMeasure(x) > Number.NEGATIVE_INFINITY ? family.statistic(x).length : length
  return E.left(
    received === length
      ? impossibleObservation(family.support, wrong, x)
      : { _tag: 'RaggedRows', row: wrong, expected: length, received },
  )
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
  isTable: family.columns !== undefined || family.support?._tag === 'Table',
  family,
  designMatrix: (source, _prior, { places, weights }) =>
    family.columns
      ? (rowsOfProduct(family.columns, family.support, source, places ? undefined : weights) as E.Either<
          FitError,
          SourceRows<X>
        >)
      : pipe(
          readObservations<X>(family.support, source),
          E.chain(xs => statisticRows(xs, family, places ? undefined : weights)),
        ),
  plan: names => (family.columns ? planOfProduct(family.columns) : planOfFamily(family, names, undefined)),
  ofMembers: members =>
    linearDensities(members.map(p => ({ ...naturalOf(family, p), logNormaliser: family.logNormaliser(p) }))),
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
  /** How many statistics there are, which any member tells. */
  const featuresOf = (prior: Q): number =>
    likelihood.natural(O.getOrElse(() => pair.family.sample(prior)(random(0)))(pair.family.mean(prior) as O.Option<P>))
      .length
  /** Checks that vectors have as many columns as the prior is for. */
  const ofColumns = (columns: number, prior: Q): E.Either<FitError, number> => {
    const expected = featuresOf(prior)
    const { statisticExpression, support } = likelihood
    return support?._tag !== 'Vector' ||
      statisticExpression === undefined ||
      statisticLength(statisticExpression(columns)) === expected
      ? E.right(expected)
      : E.left({ _tag: 'ColumnMismatch', expected, received: columns })
  }
  return {
    ...statisticForm(likelihood, fromStatistic),
    family: translation === undefined ? likelihood : undefined,
    designMatrix: (source, prior, { places, weights }) => {
      const read = readObservations<X>(likelihood.support, source)
      if (E.isLeft(read)) return read
      const { rows, columns, at } = read.right
      // Rows that are none may yet say of how many columns they are: those that are sparse do.
      const size = columns[0]?.size ?? 0
      const expected = size === 0 ? E.right(featuresOf(prior)) : ofColumns(size, prior)
      if (E.isLeft(expected)) return expected
      if (rows === 0) {
        const features = expected.right
        return E.right({ rows: { rows: 0, columns: features + 1, data: new Float64Array(0) }, features })
      }
      const ofRows = places ? undefined : weights
      if (translation === undefined) return statisticRows(read.right, likelihood, ofRows)
      const xs =
        likelihood.support?._tag === 'Number' ? columns[0]!.values : Array.from({ length: rows }, (_, n) => at(n))
      const centre = translation.centre(places ?? (xs as unknown as ReadonlyArray<X>), weights)
      const { observation } = translation.toCentred(centre)
      return pipe(
        statisticRows(read.right, likelihood, ofRows, observation),
        E.map(found => ({ ...found, centre })),
      )
    },
    plan: (names, prior, centre) => {
      const about = translation && centre !== undefined ? (typeof centre === 'number' ? [centre] : centre) : undefined
      const { statisticExpression } = likelihood
      const expected = featuresOf(prior)
      return statisticExpression === undefined || statisticLength(statisticExpression(names.length)) === expected
        ? planOfFamily(likelihood, names, about as ArrayLike<number> | undefined)
        : E.left({ _tag: 'ColumnMismatch', expected, received: names.length })
    },
    ofPosteriors: posteriors => linearDensities(posteriors.map(expectedNatural(pair))),
  }
}
