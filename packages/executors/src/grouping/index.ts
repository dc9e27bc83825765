import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, LoadedRows, LoadOptions } from '../executor.js'
import { checkRows, checkShapes } from '../rows.js'
import { bestKernel } from '../wasm/kernel.js'
import { failed } from '../wasm/resident.js'
import { type Groups, group, mayPay, pays } from './group.js'

/** Where each row is among the distinct ones. */
const places = ({ groupOf, placeOf }: Groups): Int32Array => {
  const all = new Int32Array(groupOf.length)
  for (let row = 0; row < all.length; row++) all[row] = placeOf[groupOf[row]!]!
  return all
}

const expandMatrix = (at: Int32Array, { columns, data }: Matrix): Matrix => {
  const expanded = new Float64Array(at.length * columns)
  for (let row = 0; row < at.length; row++)
    for (let column = 0; column < columns; column++)
      expanded[row * columns + column] = data[at[row]! * columns + column]!
  return { rows: at.length, columns, data: expanded }
}

const expandArray = <A extends Float64Array | Int32Array>(at: Int32Array, values: A, expanded: A): A => {
  for (let row = 0; row < at.length; row++) expanded[row] = values[at[row]!]!
  return expanded
}

/** The rows again, computed on their distinct values and expanded on demand. */
const expanding = (inner: LoadedRows, groups: Groups): LoadedRows => {
  const rows = groups.groupOf.length
  const distinctRows = groups.weights.length
  // Once, and without the memory of what has been loaded.
  let known: Int32Array | undefined
  let unread: Groups | undefined = { ...groups, placeOf: groups.placeOf.slice() }
  const at = (): Int32Array => {
    known ??= places(unread!)
    unread = undefined
    return known
  }
  return {
    rows,
    columns: inner.columns,
    distinctRows,
    expectation: inner.expectation,
    responsibilities: densities =>
      pipe(
        inner.responsibilities(densities),
        TE.map(q => expandMatrix(at(), q)),
      ),
    assignments: densities =>
      pipe(
        inner.assignments(densities),
        TE.map(labels => expandArray(at(), labels, new Int32Array(rows))),
      ),
    logProb: densities =>
      pipe(
        inner.logProb(densities),
        TE.map(values => expandArray(at(), values, new Float64Array(rows))),
      ),
    dispose: inner.dispose,
  }
}

/** The groups of rows, if that pays. */
const groupsOf = (rows: Matrix, options: LoadOptions | undefined): TE.TaskEither<ExecutorError, Groups | undefined> =>
  pipe(
    TE.Do,
    TE.bind('checked', () => TE.fromEither(checkShapes(rows, options))),
    TE.bind('kernel', () => bestKernel),
    TE.chain(({ kernel, checked: { data, columns, rowWeights } }) =>
      TE.tryCatch(
        async () => {
          if (!(await mayPay(kernel)(data, columns))) return undefined
          const groups = await group(kernel)(data, columns, rowWeights)
          return pays(groups.weights.length, rows.rows) ? groups : undefined
        },
        () => failed('no WebAssembly memory to group rows in'),
      ),
    ),
  )

/** The first value of all rows that is not finite, where distinct ones have been refused. */
const inOrder =
  (rows: Matrix, options: LoadOptions | undefined) =>
  (error: ExecutorError): ExecutorError => {
    const checked = error._tag === 'NonFiniteData' ? checkRows(rows, options) : E.left(error)
    return E.isLeft(checked) ? checked.left : error
  }

/**
 * An executor that computes on distinct rows with weights where that pays, as for the pixels of a photo. Equal rows share
 * all that is computed from them, so this is exact but for the order of sums. The WebAssembly kernel finds them; where there
 * is none, or no memory for it, all rows are computed.
 */
export const grouped = (executor: Executor): Executor => ({
  ...executor,
  load: (rows, options) =>
    pipe(
      groupsOf(rows, options),
      TE.orElse(() => TE.right<ExecutorError, Groups | undefined>(undefined)),
      TE.chain(groups =>
        groups === undefined
          ? executor.load(rows, options)
          : pipe(
              executor.load(
                { rows: groups.weights.length, columns: rows.columns, data: groups.values },
                { ...options, rowWeights: groups.weights },
              ),
              TE.bimap(inOrder(rows, options), inner => expanding(inner, groups)),
            ),
      ),
    ),
})
