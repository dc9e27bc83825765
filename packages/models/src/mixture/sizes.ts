import type { Matrix, Vector } from '@conjugate/linalg'

/** How large the columns of linear rows are, over the rows that count. */
export interface ColumnSizes {
  /** F: sum_n w_n |t_nf|. */
  readonly total: Float64Array
  /** F: the greatest |t_nf|. */
  readonly greatest: Float64Array
  /** F: 1 where a column has numbers of both signs. */
  readonly signed: Uint8Array
}

export const columnSizesOf = ({ rows, columns, data }: Matrix, weights?: Vector): ColumnSizes => {
  const sizes = {
    total: new Float64Array(columns),
    greatest: new Float64Array(columns),
    signed: new Uint8Array(columns),
  }
  const signs = new Int8Array(columns)
  for (let n = 0; n < rows; n++) {
    const weight = weights?.[n] ?? 1
    if (!(weight > 0)) continue
    for (let f = 0; f < columns; f++) {
      const t = data[n * columns + f]!
      const size = Math.abs(t)
      const sign = Math.sign(t)
      sizes.total[f]! += weight * size
      if (size > sizes.greatest[f]!) sizes.greatest[f] = size
      if (sign !== 0 && signs[f] === -sign) sizes.signed[f] = 1
      if (sign !== 0) signs[f] = sign
    }
  }
  return sizes
}
