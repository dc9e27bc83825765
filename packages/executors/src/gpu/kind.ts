import type { Tensor } from '@tensorflow/tfjs-core'
import type { Densities, FactorDensities, StatisticsOf } from '../contract/executor.js'
import type { ResidentBlock, ResidentRows } from './rows.js'
import type { Tf } from './tfjs.js'

/** Rounds numbers to float32 and uploads them, for as long as the densities are there. */
export type Upload = (values: ArrayLike<number>, shape: number[]) => Tensor

export interface Logits {
  /** G x K x g: the logarithms of the weighted densities, less the base. */
  readonly logits: Tensor
  /** Sums over each group with weighted responsibilities G x K x g: G x size, for each of the `sizes`. */
  readonly sums: (responsibilities: Tensor) => ReadonlyArray<Tensor>
}

export interface Rounding {
  /**
   * What that of the parameters took away, to first order. Unlike that of the rows it is no smaller a share of many rows than
   * of one.
   */
  readonly lost: number
  /** How far all of it may have moved it. */
  readonly most: number
}

/**
 * Densities on a GPU, about scaled rows that have a one at their end: E = D + 1. What all logarithms of a row have in
 * common is their base: it leaves the probabilities alone, and what is known of it in float64 never sees float32.
 */
export interface Resident<D extends Densities | FactorDensities> {
  /** The part of the base that is the same in all rows. */
  readonly constant: number
  /** G x 1 x g: the part that depends on the row, where there is one. */
  readonly slope?: (tf: Tf, block: ResidentBlock) => Tensor
  /** The base of all rows, each times its scaled weight, in float64. */
  readonly totalBase: number
  readonly logits: (tf: Tf, block: ResidentBlock) => Logits
  readonly sizes: ReadonlyArray<number>
  /** What rounding did to the log-likelihood of the scaled weights, where the sums tell. */
  readonly rounding?: (sums: ReadonlyArray<Float64Array>) => Rounding
  /** Back to the units of the densities, from the sums over all groups in float64. */
  readonly statistics: (sums: ReadonlyArray<Float64Array>) => StatisticsOf<D>
}

/** What depends on the kind of densities. */
export interface Kind<D extends Densities | FactorDensities> {
  readonly resident: (upload: Upload, data: ResidentRows, densities: D) => Resident<D>
}

export interface FactorKind<D extends FactorDensities> extends Kind<D> {
  /** Whether it takes products of columns, of mixed rows. */
  readonly mixes: boolean
}
