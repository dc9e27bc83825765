import * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError, FactorDensities, MixtureExpectation, StatisticsOf } from './executor.js'

/**
 * What is beyond floating-point numbers, found after a pass or, where inner products may be, before it: nothing is looked for
 * within the loops over rows. Terms of a norm that are beyond them make a row improbable, which is right; terms of inner products
 * and of sums may have either sign, and what comes of two infinities is no number.
 */
type Place = Partial<Record<'row' | 'component' | 'column', number>>

const overflow = (what: string, place: Place = {}): ExecutorError => ({ _tag: 'Overflow', what, ...place })

/** A quarter of the greatest number: logarithms to base 2 are greater than natural ones. */
const MOST = Number.MAX_VALUE / 4

/** The greatest size of finite numbers. */
export const largestOf = (values: Float64Array, from = 0): number => {
  let largest = from
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!)
    if (size > largest && size < Number.POSITIVE_INFINITY) largest = size
  }
  return largest
}

const factorsOf = (densities: Densities): ReadonlyArray<FactorDensities> =>
  densities._tag === 'Product' ? densities.factors : [densities]

/**
 * Whether constants and inner products of rows whose numbers are up to `largest` can be beyond float64. What rows hold is looked
 * at only where natural parameters are not small.
 */
export const mayOverflow = (densities: Densities, largest: () => number): boolean => {
  let bound = densities._tag === 'Product' ? largestOf(densities.logConstant) : 0
  for (const factor of factorsOf(densities)) {
    bound += largestOf(factor.logConstant)
    if (factor._tag === 'Offset') bound += largest()
    if (factor._tag === 'Indexed') bound += largestOf(factor.natural)
    if (factor._tag !== 'Linear') continue
    const most = factor.columns * largestOf(factor.natural, Number.MIN_VALUE)
    bound += most <= 1 ? most * MOST : most * Math.max(1, largest())
  }
  return bound > MOST
}

/** Squares of what is below it are far within float64. */
const MODERATE = 1e140

/** Whether terms of norms of rows whose numbers are up to `largest` may overflow, both ways, so that a norm is no number. */
export const mayLoseNorms = (densities: Densities, largest: () => number): boolean =>
  factorsOf(densities).some(factor => {
    if (factor._tag !== 'Quadratic' && factor._tag !== 'Diagonal') return false
    const scale = largestOf(factor._tag === 'Quadratic' ? factor.whitening : factor.scale)
    return !(Math.max(1, scale) * (largest() + largestOf(factor.mean)) < MODERATE)
  })

/** The first of N x K numbers, or of N of the rows, that is none, or infinite as no density is. */
export const overflowAt = (
  values: ArrayLike<number>,
  components?: number,
  what = 'log density',
): ExecutorError | undefined => {
  for (let i = 0; i < values.length; i++)
    // Written so that NaN fails it too.
    if (!(values[i]! < Number.POSITIVE_INFINITY))
      return components === undefined
        ? overflow(what, { row: i })
        : overflow(what, { row: Math.floor(i / components), component: i % components })
  return undefined
}

/** Weights, counts and sums have to be finite, since means are made of them; squares and products have to be numbers. */
const firstBeyond = (name: string, values: Float64Array): number => {
  const mayBeInfinite = name === 'squares' || name === 'outer'
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    // Of what is not finite this is NaN.
    if (value - value !== 0 && (Number.isNaN(value) || !mayBeInfinite)) return i
  }
  return -1
}

const overflowOfFactor = (sums: Readonly<Record<string, Float64Array>>, of = ''): ExecutorError | undefined => {
  const components = sums['weight']!.length
  for (const [name, values] of Object.entries(sums)) {
    const at = firstBeyond(name, values)
    if (at < 0) continue
    const size = values.length / components
    const component = Math.floor(at / size)
    if (name === 'weight') return overflow(`weight${of}`, { component })
    return overflow(`${name}${of}`, { component, column: (at % size) % ((sums['sum'] ?? values).length / components) })
  }
  return undefined
}

/** Sums that are no numbers, or beyond float64. */
export const overflowOfSums = (statistics: StatisticsOf<Densities>): ExecutorError | undefined => {
  if (!('factors' in statistics)) return overflowOfFactor({ ...statistics })
  for (const [f, factor] of statistics.factors.entries()) {
    const found = overflowOfFactor({ ...factor }, ` of factor ${f}`)
    if (found) return found
  }
  return undefined
}

/** A log-likelihood that is not finite though no row is impossible; these are the log densities of the rows. */
const overflowOfTotal = (logLikelihood: number, logs: Float64Array): ExecutorError | undefined => {
  const isExplained = logLikelihood === Number.NEGATIVE_INFINITY && logs.includes(logLikelihood)
  return overflowAt(logs) ?? (isExplained ? undefined : overflow('log-likelihood'))
}

type LogsOfRows = () => Promise<E.Either<ExecutorError, Float64Array>>

/** What of an E-step is no number, or no log-likelihood of these rows. They are asked for only where that may be. */
export const overflowOfExpectation = (
  { statistics, logLikelihood }: MixtureExpectation,
  logsOfRows: LogsOfRows,
): ExecutorError | undefined | Promise<ExecutorError | undefined> => {
  if (Number.isFinite(logLikelihood)) return overflowOfSums(statistics)
  return logsOfRows().then(logs =>
    E.isLeft(logs) ? logs.left : (overflowOfTotal(logLikelihood, logs.right) ?? overflowOfSums(statistics)),
  )
}
