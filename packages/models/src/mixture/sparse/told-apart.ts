import type { CellFamily } from '@conjugate/distributions'
import type { SparseMatrix } from '@conjugate/executors/sparse'
import type { Matrix, Vector } from '@conjugate/linalg'
import type { Comparable } from '../comparable.js'
import { addSizes, unitOf } from '../forms/vectors.js'
import { completed } from '../start.js'
import { countOf, type SparsePlace, writtenSparse } from './joined.js'
import type { ToldApart } from './points.js'

/** Sparse rows alone, by numbers that tell them apart. */
export const rowsToldApart = (
  { rows, columns, indptr, indices, values }: SparseMatrix,
  compared: CellFamily['compared'],
): ToldApart => {
  const length = values.length - rows
  const told = {
    rows,
    columns: columns - 1,
    indptr: indptr.map((place, n) => place - n),
    indices: new Int32Array(length),
    values: new Float64Array(length),
  }
  for (let n = 0; n < rows; n++) {
    const [first, last] = [indptr[n]!, indptr[n + 1]! - 1]
    const entries = values.subarray(first, last)
    told.indices.set(indices.subarray(first, last), first - n)
    told.values.set(compared ? compared(entries) : entries, first - n)
  }
  return { ...told, ownUnits: compared ? 0 : columns - 1 }
}

/** How large the numbers of told rows are beside what they are told of, over the rows that count: see `unitOf`. */
const unitIn = ({ rows, indptr, values }: SparseMatrix, told: SparseMatrix, rowWeights: Vector | undefined): number => {
  const sizes = { entries: 0, squares: 0 }
  for (let n = 0; n < rows; n++) {
    const entries = values.subarray(indptr[n]!, indptr[n + 1]! - 1)
    addSizes(sizes, entries, told.values.subarray(told.indptr[n]!, told.indptr[n + 1]!), rowWeights?.[n])
  }
  return unitOf(sizes)
}

/** A number of each column from which the others are counted: the first of a column without zeros, so that squares keep their digits. */
const originsIn = ({ rows, columns, data }: Matrix, features: number): Float64Array => {
  const origins = new Float64Array(features)
  for (let c = 0; c < features; c++) {
    origins[c] = data[c] ?? 0
    for (let n = 0, i = c; n < rows && origins[c] !== 0; n++, i += columns) if (data[i] === 0) origins[c] = 0
  }
  return origins
}

/**
 * The rows of a table by numbers that tell them apart, as `withVectors` has them: what is not sparse, where a sparse column has cells, and
 * then sparse columns.
 */
export const tableToldApart = (
  count: number,
  dense: Comparable | undefined,
  places: ReadonlyArray<SparsePlace>,
  rowWeights: Vector | undefined,
): ToldApart => {
  const rows = dense && (dense.hasNoGaps ? dense.rows : completed(dense.rows, rowWeights))
  const features = dense?.features ?? 0
  const own = dense?.ownUnits ?? features
  const ownUnits = own + places.length
  const origins = rows ? originsIn(rows, own) : new Float64Array(0)
  const told = places.map(({ read, compared }) => {
    const found = rowsToldApart(read, compared)
    return { ...found, unit: unitIn(read, found, rowWeights) }
  })
  const written = writtenSparse(count, countOf(places) + count * (features + places.length))
  for (let n = 0; n < count; n++) {
    const at = n * (rows?.columns ?? 0)
    const push = (column: number, value: number): void => {
      if (value !== 0) written.push(column, value)
    }
    for (let c = 0; c < own; c++) push(c, rows!.data[at + c]! - origins[c]!)
    for (const [p, { read }] of places.entries()) if (read.missing?.[n] !== 1) written.push(own + p, 1)
    for (let c = own; c < features; c++) push(c + places.length, rows!.data[at + c]!)
    let first = features + places.length
    for (const { indptr, indices, values, columns, unit } of told) {
      for (let i = indptr[n]!; i < indptr[n + 1]!; i++) written.push(first + indices[i]!, unit * values[i]!)
      first += columns
    }
    written.endRow()
  }
  const columns = told.reduce((sum, part) => sum + part.columns, features + places.length)
  return { ...written.found(columns), ownUnits }
}
