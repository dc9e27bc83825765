import type { Matrix } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, LoadedRows } from '../executor.js'
import { checkShapes } from '../rows.js'
import { type Groups, group, mayPay, pays } from './group.js'

const expandMatrix = (groupOf: Int32Array, { columns, data }: Matrix): Matrix => {
  const expanded = new Float64Array(groupOf.length * columns)
  for (let row = 0; row < groupOf.length; row++)
    for (let column = 0; column < columns; column++)
      expanded[row * columns + column] = data[groupOf[row]! * columns + column]!
  return { rows: groupOf.length, columns, data: expanded }
}

/** The rows again, computed on their distinct values and expanded on demand. */
const expanding = (inner: LoadedRows, { groupOf, weights }: Groups): LoadedRows => ({
  rows: groupOf.length,
  columns: inner.columns,
  distinctRows: weights.length,
  expectation: inner.expectation,
  responsibilities: densities =>
    pipe(
      inner.responsibilities(densities),
      TE.map(q => expandMatrix(groupOf, q)),
    ),
  assignments: densities =>
    pipe(
      inner.assignments(densities),
      TE.map(labels => {
        const expanded = new Int32Array(groupOf.length)
        for (let row = 0; row < groupOf.length; row++) expanded[row] = labels[groupOf[row]!]!
        return expanded
      }),
    ),
  logProb: densities =>
    pipe(
      inner.logProb(densities),
      TE.map(values => Float64Array.from(groupOf, g => values[g]!)),
    ),
  dispose: inner.dispose,
})

/**
 * An executor that computes on distinct rows with weights where that pays, as for the pixels of a photo. Equal rows share
 * all that is computed from them, so this is exact but for the order of sums.
 */
export const grouped = (executor: Executor): Executor => ({
  ...executor,
  load: (rows, options) => {
    if (!mayPay(rows.rows, rows.columns, rows.data)) return executor.load(rows, options)
    return pipe(
      TE.fromEither(checkShapes(rows, options)),
      TE.chain(({ data, columns, origin, rowWeights }) => {
        const groups = group(data, columns, rowWeights)
        const distinct = groups.weights.length
        return pays(distinct, rows.rows)
          ? pipe(
              executor.load(
                { rows: distinct, columns, data: groups.values },
                { ...options, origin, rowWeights: groups.weights },
              ),
              // Groups are in the order of their first rows: the first of a group is the first row with its value.
              TE.bimap(
                e => (e._tag === 'NonFiniteData' ? { ...e, row: groups.groupOf.indexOf(e.row) } : e),
                inner => expanding(inner, groups),
              ),
            )
          : executor.load(rows, options)
      }),
    )
  },
})
