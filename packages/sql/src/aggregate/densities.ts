import type { Densities, FactorDensities, IndexedDensities } from '@conjugate/executors'

/** A factor of densities, and which columns of rows it is of. */
export interface Factor {
  readonly densities: FactorDensities
  /** The first of its columns. */
  readonly first: number
}

/** Densities of one form or several, as factors. */
export const factorsOf = (densities: Densities): ReadonlyArray<Factor> => {
  if (densities._tag !== 'Product') return [{ densities, first: 0 }]
  let end = 0
  return densities.factors.map(factor => {
    end += factor.columns
    return { densities: factor, first: end - factor.columns }
  })
}

/** K log constants, of all factors together. */
export const constantsOf = (densities: Densities): Float64Array => {
  const total = densities.logConstant.slice()
  if (densities._tag === 'Product')
    for (const { logConstant } of densities.factors) for (let k = 0; k < total.length; k++) total[k]! += logConstant[k]!
  return total
}

/** Stands for -Infinity, which is no number of a statement. */
const LOG_ZERO = -1e290

/** A digit of an index: its logarithms under each component, and where the sums of each of its levels go. */
export interface Digit {
  readonly levels: number
  /** K x levels. */
  readonly logs: (k: number, level: number) => number
  readonly placeOf: (level: number) => number
}

/**
 * The digits of an index by themselves. Where all others are missing, which is their last level, a logarithm is that of one digit; and
 * sums that are put there are told to belong to it.
 */
export const digitsOf = (
  { levels: all, natural }: IndexedDensities,
  digits: ReadonlyArray<{ readonly levels: number; readonly radix: number }>,
): ReadonlyArray<Digit> => {
  let inner = all
  const missing = digits.reduce((code, { levels, radix }) => code * radix + (radix > levels ? levels : 0), 0)
  return digits.map(({ levels, radix }) => {
    inner /= radix
    const step = inner
    const own = radix > levels ? levels : 0
    const placeOf = (level: number): number => missing + (level - own) * step
    return { levels, placeOf, logs: (k, level) => Math.max(LOG_ZERO, natural[k * all + placeOf(level)]!) }
  })
}

/** Whether an index can be told digit by digit. */
export const isSeparable = (digits: ReadonlyArray<{ readonly levels: number; readonly radix: number }>): boolean =>
  digits.length === 1 || digits.every(({ levels, radix }) => radix > levels)
