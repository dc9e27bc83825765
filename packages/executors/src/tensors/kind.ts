import type { Densities, FactorDensities, StatisticsOf } from '../contract/executor.js'
import type { TensorId } from './binding.js'
import type { ResidentColumns } from './blocks.js'
import type { Ops } from './ops.js'

/** Logarithms of the weighted densities of a block of rows, and what it leaves to be summed. */
export interface Logits<D extends Densities | FactorDensities> {
  /** K x 1 x n. */
  readonly logits: TensorId
  /** Adds the sums of these rows with responsibilities K x 1 x n, which row weights have been multiplied into. */
  readonly addSums: (responsibilities: TensorId, statistics: StatisticsOf<D>) => void
}

/** Densities that are in TensorFlow: of a block of columns, or of those of each factor. */
export type Resident<D extends Densities> = (ops: Ops, parts: ReadonlyArray<ResidentColumns>) => Logits<D>

/**
 * What depends on the kind of densities: uploads them, for rows that have a one added at their end, E = D + 1. Parameters
 * have a zero there.
 */
export type Kind<D extends Densities> = (ops: Ops, densities: D) => Resident<D>

/** The same of densities of one form. */
export type FactorKind<D extends FactorDensities> = (
  ops: Ops,
  densities: D,
) => (ops: Ops, columns: ResidentColumns) => Logits<D>

/** K x E x n: x - mean and ones below, 0 where a cell is missing. */
export const residuals = (ops: Ops, { values, present }: ResidentColumns, means: TensorId): TensorId => {
  const all = ops.binary('Sub', values, means)
  return present === undefined ? all : ops.binary('MulNoNan', all, present)
}

/**
 * K x 1 x n: log densities of constants, from K x D x n whitened residuals. Where terms of a residual overflow in both directions
 * it is NaN, and so is its norm: such a row is as far away as one may be.
 */
export const logitsOfNorms = (outer: Ops, logConstant: Float64Array): ((ops: Ops, whitened: TensorId) => TensorId) => {
  const constants = outer.upload(logConstant.slice(), [logConstant.length, 1, 1])
  const [half, infinity] = [0.5, Number.POSITIVE_INFINITY].map(value => outer.upload(Float64Array.of(value), []))
  return (ops, whitened) => {
    const squaredNorm = ops.orElse(ops.reduce('Sum', ops.unary('Square', whitened), 1), infinity!)
    return ops.binary('Sub', constants, ops.binary('Mul', half!, squaredNorm))
  }
}
