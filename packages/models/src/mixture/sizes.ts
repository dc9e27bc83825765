import { type ReadMatrix, tabulate, type Vector } from '@conjugate/linalg'

/** How large the columns of linear rows are, over the rows that count. */
export interface ColumnSizes {
  /** F: sum_n w_n |t_nf|. */
  readonly total: Float64Array
  /** F: the greatest |t_nf|. */
  readonly greatest: Float64Array
  /** F: 1 where a column has numbers of both signs. */
  readonly signed: Uint8Array
}

/** Gathers how large the columns of rows (N x F) are: `add` some of the rows, which then are near, until `found` is of all. */
export const columnSizes = (
  { columns, data }: Pick<ReadMatrix, 'columns' | 'data'>,
  weights?: Vector,
): { readonly add: (start: number, end: number) => void; readonly found: () => ColumnSizes } => {
  const total = new Float64Array(columns)
  const greatest = new Float64Array(columns)
  const least = new Float64Array(columns)
  return {
    add: (start, end) => {
      for (let f = 0; f < columns; f++) {
        let sum = total[f]!
        let up = greatest[f]!
        let down = least[f]!
        for (let n = start, at = start * columns + f; n < end; n++, at += columns) {
          const weight = weights === undefined ? 1 : weights[n]!
          if (!(weight > 0)) continue
          const t = data[at]!
          sum += weight * Math.abs(t)
          if (t > up) up = t
          else if (t < down) down = t
        }
        total[f] = sum
        greatest[f] = up
        least[f] = down
      }
    },
    found: () => ({
      total,
      greatest: tabulate(columns, f => Math.max(greatest[f]!, -least[f]!)),
      signed: Uint8Array.from(greatest, (size, f) => (size > 0 && least[f]! < 0 ? 1 : 0)),
    }),
  }
}
