import type { Densities, FactorDensities, StatisticsOf } from '../contract/executor.js'

/** The columns of a factor of products. */
export interface PackedFactor {
  /** All rows, see `interleave`. */
  readonly packed: Float64Array
  readonly columns: number
  /** Whether some cells are missing. */
  readonly hasGaps: boolean
}

/** Whole groups of four rows: `count` rows from row `start` on, both multiples of four. */
export interface PackedBlock {
  /** All rows, see `interleave`; none where there are factors. */
  readonly packed: Float64Array
  readonly factors: ReadonlyArray<PackedFactor>
  readonly start: number
  readonly count: number
  /** Room for D x 4 numbers. */
  readonly scratch: Float64Array
  /** Room for the logits of a factor, K x 256, where there are factors. */
  readonly spare: Float64Array
}

/** What depends on the kind of the densities. */
export interface Kind<D extends Densities | FactorDensities> {
  /** Writes log w_k p_k(x) of one component into its row of `target`, K x 256. */
  readonly logits: (block: PackedBlock, densities: D, component: number, target: Float64Array) => void
  /** Adds the sums of one component, weighted by its row of `weights`, K x 256. */
  readonly accumulate: (
    block: PackedBlock,
    densities: D,
    component: number,
    weights: Float64Array,
    statistics: StatisticsOf<D>,
  ) => void
  /** Completes the sums over all rows, in place. */
  readonly finish: (statistics: StatisticsOf<D>, densities: D) => void
}
