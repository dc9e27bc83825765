import type { Densities, StatisticsOf } from '../executor.js'
import type { TensorId } from './binding.js'
import type { Ops } from './ops.js'

export interface Logits {
  /** K x E x n or 1 x E x n: what the statistics are products of, with ones below. */
  readonly residual: TensorId
  /** K x 1 x n. */
  readonly logits: TensorId
}

/** Densities that are in TensorFlow. */
export interface Resident<D extends Densities> {
  /** Of a block of rows, 1 x E x n. */
  readonly logits: (ops: Ops, values: TensorId) => Logits
  /** Adds the sums of these rows with responsibilities K x 1 x n, which row weights have been multiplied into. */
  readonly addSums: (ops: Ops, responsibilities: TensorId, residual: TensorId, statistics: StatisticsOf<D>) => void
}

/**
 * What depends on the kind of densities: uploads them, for rows that have a one added at their end, E = D + 1. Parameters
 * have a zero there.
 */
export type Kind<D extends Densities> = (ops: Ops, densities: D) => Resident<D>
