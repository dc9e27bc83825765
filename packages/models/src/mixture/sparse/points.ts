import type { BackendName } from '@conjugate/executors'
import { type SparseMatrix, sparseClusters } from '@conjugate/executors/sparse'
import type { StartPoints } from '../start.js'

/** Sparse rows by numbers that tell them apart, of which the first columns have units of their own. */
export interface ToldApart extends SparseMatrix {
  readonly ownUnits: number
}

/** Rows of which those that count are at these places, as a start tells them apart. */
export const pointsOf = (
  told: ToldApart,
  places: Int32Array | undefined,
  backend: BackendName | undefined,
): StartPoints => {
  const { indptr, indices, values, columns, ownUnits } = told
  const extentOf = (i: number): readonly [number, number] => {
    const place = places ? places[i]! : i
    return [indptr[place]!, indptr[place + 1]!]
  }
  return {
    at: i => {
      const row = new Float64Array(columns)
      for (let [j, end] = extentOf(i); j < end; j++) row[indices[j]!] = values[j]!
      return row
    },
    keyOf: i => `${indices.subarray(...extentOf(i)).join()} ${values.subarray(...extentOf(i)).join()}`,
    clusters: options => sparseClusters(told, { ...options, ownUnits, ...(backend && { backend }) }, places),
  }
}
