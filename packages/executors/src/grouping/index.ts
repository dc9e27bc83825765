import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Executor, ExecutorError, LoadedRows, LoadOptions } from '../contract/executor.js'
import { overflowAt } from '../contract/overflow.js'
import { checkResponsibilities } from '../contract/responsibilities.js'
import { type CheckedRows, checkRows, checkRowWeights, checkShapes } from '../contract/rows.js'
import { bestKernel, type Kernel } from '../wasm/kernel/kernel.js'
import { failed } from '../wasm/kernel/resident.js'
import { type Groups, group, groupKnown, mayPay, pays } from './group.js'

type Indices = Pick<Groups, 'groupOf' | 'placeOf'>

const expandMatrix = ({ groupOf, placeOf }: Indices, { columns, data }: Matrix): Matrix => {
  const expanded = new Float64Array(groupOf.length * columns)
  for (let row = 0, to = 0; row < groupOf.length; row++)
    for (let from = placeOf[groupOf[row]!]! * columns, end = from + columns; from < end; from++, to++)
      expanded[to] = data[from]!
  return { rows: groupOf.length, columns, data: expanded }
}

const expandArray = <A extends Float64Array | Int32Array>({ groupOf, placeOf }: Indices, values: A, expanded: A): A => {
  // By group, so that a row looks once.
  const ofGroup = values.slice()
  for (let group = 0; group < placeOf.length; group++) ofGroup[group] = values[placeOf[group]!]!
  for (let row = 0; row < groupOf.length; row++) expanded[row] = ofGroup[groupOf[row]!]!
  return expanded
}

/** What is given for each row, added up for each distinct one. */
const addUp = ({ groupOf, placeOf }: Indices, groups: number, columns: number, given: Float64Array): Matrix => {
  const data = new Float64Array(groups * columns)
  for (let row = 0, from = 0; row < groupOf.length; row++)
    for (let to = placeOf[groupOf[row]!]! * columns, end = to + columns; to < end; from++, to++)
      data[to]! += given[from]!
  return { rows: groups, columns, data }
}

/** An error about a distinct row is one about the first row that has its values. */
const ofFirst =
  ({ groupOf, placeOf }: Indices) =>
  (error: ExecutorError): ExecutorError =>
    error._tag === 'Overflow' && error.row !== undefined
      ? { ...error, row: groupOf.findIndex(group => placeOf[group] === error.row) }
      : error

/** The rows again, computed on their distinct values and expanded on demand. */
const expanding = (inner: LoadedRows, { groupOf, weights, placeOf }: Groups): LoadedRows => {
  const rows = groupOf.length
  // Without the memory of what has been loaded.
  const indices = { groupOf, placeOf: placeOf.slice() }
  return {
    rows,
    columns: inner.columns,
    distinctRows: weights.length,
    ...(inner.ranOn && { ranOn: inner.ranOn }),
    expectation: (densities, options) => {
      const given = checkRowWeights(rows, options)
      if (E.isLeft(given)) return TE.left(given.left)
      const sums = given.right && addUp(indices, inner.rows, 1, given.right).data
      const beyond = sums && overflowAt(sums, undefined, 'weight of equal rows')
      if (beyond) return TE.left(ofFirst(indices)(beyond))
      const sequence = options?.sequence
      return pipe(
        inner.expectation(densities, { ...(sums && { rowWeights: sums }), ...(sequence && { sequence }) }),
        TE.mapLeft(ofFirst(indices)),
      )
    },
    responsibilities: densities =>
      pipe(
        inner.responsibilities(densities),
        TE.bimap(ofFirst(indices), q => expandMatrix(indices, q)),
      ),
    assignments: densities =>
      pipe(
        inner.assignments(densities),
        TE.bimap(ofFirst(indices), labels => expandArray(indices, labels, new Int32Array(rows))),
      ),
    logProb: densities =>
      pipe(
        inner.logProb(densities),
        TE.bimap(ofFirst(indices), values => expandArray(indices, values, new Float64Array(rows))),
      ),
    prediction: densities =>
      pipe(
        inner.prediction(densities),
        TE.bimap(ofFirst(indices), ({ assignments, responsibilities, logProb }) => ({
          assignments: expandArray(indices, assignments, new Int32Array(rows)),
          responsibilities: expandMatrix(indices, responsibilities),
          logProb: expandArray(indices, logProb, new Float64Array(rows)),
        })),
      ),
    logDensities: densities =>
      pipe(
        inner.logDensities(densities),
        TE.bimap(ofFirst(indices), logs => expandMatrix(indices, logs)),
      ),
    weightedStatistics: (densities, responsibilities) => {
      const checked = checkResponsibilities(responsibilities, rows, densities)
      if (E.isLeft(checked)) return TE.left(checked.left)
      const sums = addUp(indices, inner.rows, densities.components, checked.right)
      const beyond = overflowAt(sums.data, densities.components, 'sum of responsibilities')
      return beyond ? TE.left(ofFirst(indices)(beyond)) : inner.weightedStatistics(densities, sums)
    },
    dispose: inner.dispose,
  }
}

/** How the groups of rows are found. */
type Finding = (kernel: Kernel, checked: CheckedRows) => Promise<Groups | undefined>

/** Without a look at the rows. */
const known: Finding = async (kernel, checked) =>
  checked.equal && groupKnown(kernel)(checked, checked.equal, checked.rowWeights)

const lookedFor: Finding = async (kernel, checked) => {
  if (checked.equal) return known(kernel, checked)
  if (!(await mayPay(kernel)(checked))) return undefined
  const groups = await group(kernel)(checked, checked.rowWeights)
  return pays(groups.weights.length, checked.rows) ? groups : undefined
}

/** The groups of rows, if that pays. */
const groupsOf = (
  rows: Matrix,
  options: LoadOptions | undefined,
  find: Finding,
): TE.TaskEither<ExecutorError, Groups | undefined> =>
  pipe(
    TE.fromEither(checkShapes(rows, options)),
    TE.bindTo('checked'),
    TE.bind('kernel', () => bestKernel),
    TE.chain(({ kernel, checked }) =>
      TE.tryCatch(
        async () => {
          const groups = await find(kernel, checked)
          // Weights that are beyond float64 together are not those of a row.
          return groups?.weights.every(Number.isFinite) ? groups : undefined
        },
        () => failed('no WebAssembly memory to group rows in'),
      ),
    ),
  )

/** The first value of all rows that cannot be taken, where distinct ones have been refused. */
const inOrder =
  (rows: Matrix, options: LoadOptions | undefined) =>
  (error: ExecutorError): ExecutorError => {
    const isOfRows = error._tag === 'NonFiniteData' || error._tag === 'UnreadableData'
    const checked = isOfRows ? checkRows(rows, options) : E.left(error)
    return E.isLeft(checked) ? checked.left : error
  }

const groupedBy =
  (find: Finding) =>
  (executor: Executor): Executor => ({
    ...executor,
    load: (rows, options) =>
      pipe(
        groupsOf(rows, options, find),
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

/**
 * An executor that computes on distinct rows with weights where that pays, as for the pixels of a photo. Equal rows share
 * all that is computed from them, so this is exact but for the order of sums. The WebAssembly kernel finds them; where there
 * is none, or no memory for it, all rows are computed.
 */
export const grouped: (executor: Executor) => Executor = groupedBy(lookedFor)

/** The same for rows of which it is known which are equal, such as small counts: they are not looked at, which one pass would not pay for. */
export const groupedWhereKnown: (executor: Executor) => Executor = groupedBy(known)
