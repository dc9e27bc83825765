import { isList } from '@conjugate/linalg'
import { isSparse, type SparseRows } from './data.js'

/** Sparse rows one below the other, and how many rows each has. */
interface StackedSparse {
  readonly rows: SparseRows
  readonly lengths: ReadonlyArray<number>
}

const lists = ['indptr', 'indices', 'values'] as const

/**
 * Puts sparse rows one below the other; what is in them is for components to read. `undefined` where some are none, or of
 * another number of columns than the first.
 */
export const stackedSparse = (all: ReadonlyArray<unknown>): StackedSparse | undefined => {
  const [first] = all
  if (!isSparse(first) || !all.every(isSparse)) return undefined
  const parts = all.map(part => (part as SparseRows).rows)
  const { columns } = first.rows
  if (!parts.every(part => part.columns === columns && lists.every(name => isList(part[name])))) return undefined
  const [indptr, indices, values, missing, lengths]: number[][] = [[0], [], [], [], []]
  for (const part of parts) {
    const before = values!.length
    const above = indptr!.length - 1
    for (let i = 0; i < (part.missing?.length ?? 0); i++) missing!.push(above + Number(part.missing![i]))
    for (let n = 1; n < part.indptr.length; n++) indptr!.push(before + Number(part.indptr[n]))
    for (let i = 0; i < part.indices.length; i++) indices!.push(part.indices[i]!)
    for (let i = 0; i < part.values.length; i++) values!.push(part.values[i]!)
    lengths!.push(Math.max(0, part.indptr.length - 1))
  }
  const isWhole = parts.every(part => part.missing === undefined)
  const rows = { columns, indptr: indptr!, indices: indices!, values: values!, ...(!isWhole && { missing: missing! }) }
  return { rows: { ...first, rows }, lengths: lengths! }
}
