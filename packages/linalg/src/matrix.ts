/** Numbers in order, not to be written to: a `Float64Array` wherever the library makes one. */
export type Vector = ArrayLike<number> & Iterable<number>

/** A dense row-major matrix of float64, not to be written to. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** Element (i, j) is at `i * columns + j`. */
  readonly data: Vector
}
