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

/** Rows (N x F), and what each counts for. */
interface Rows extends Pick<ReadMatrix, 'data'> {
  readonly weights: Vector | undefined
}

/** Gathers how large the columns of rows (N x F) are while the rows are written. */
export interface GrowingSizes {
  readonly total: Float64Array
  /** F: the greatest number, if that is positive, and the least, if negative; of told columns of 1 and 0 also none. */
  readonly greatest: Float64Array
  readonly least: Float64Array
  /** 1 where a column is told by who writes it. */
  readonly told: Uint8Array
  /** Takes some of the rows, as long as they are near, in the columns that are not told; or of rows that come in parts, those. */
  readonly add: (start: number, end: number, part?: Rows) => void
  readonly found: () => ColumnSizes
}

export const growingSizes = (
  { columns, data: all }: Pick<ReadMatrix, 'columns' | 'data'>,
  ofAll: Vector | undefined,
): GrowingSizes => {
  const total = new Float64Array(columns)
  const greatest = new Float64Array(columns)
  const least = new Float64Array(columns)
  const told = new Uint8Array(columns)
  return {
    total,
    greatest,
    least,
    told,
    add: (start, end, { data, weights } = { data: all, weights: ofAll }) => {
      for (let f = 0; f < columns; f++) {
        if (told[f] === 1) continue
        let sum = total[f]!
        let up = greatest[f]!
        let down = least[f]!
        for (let n = start, at = start * columns + f; n < end; n++, at += columns) {
          const t = data[at]!
          const weight = weights === undefined ? 1 : weights[n]!
          if (weights !== undefined && !(weight > 0)) continue
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
      greatest: tabulate(
        columns,
        f => Math.max(greatest[f]!, -least[f]!) || (told[f] === 1 ? Math.sign(total[f]!) : 0),
      ),
      signed: Uint8Array.from(greatest, (size, f) => (size > 0 && least[f]! < 0 ? 1 : 0)),
    }),
  }
}

/** The sizes where `count` columns of which nothing is told are put in from `first` on. */
export const withColumns = ({ total, greatest, signed }: ColumnSizes, first: number, count: number): ColumnSizes => {
  const widened = <A extends Float64Array | Uint8Array>(own: A, all: A): A => {
    all.set(own.subarray(0, first))
    all.set(own.subarray(first), first + count)
    return all
  }
  const columns = total.length + count
  return {
    total: widened(total, new Float64Array(columns)),
    greatest: widened(greatest, new Float64Array(columns)),
    signed: widened(signed, new Uint8Array(columns)),
  }
}
