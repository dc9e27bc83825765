import {
  type Densities,
  type Executor,
  type Loaded,
  type LoadedRows,
  type LoadOptions,
  loadEach,
  type MixtureExpectation,
} from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { combineSums } from './sums.js'

/** One component number for each row, or -1 where it is not known. */
export type Labels = ArrayLike<number>

/** Errors: other than one label for each row, or one that is no component. */
export const checkLabels = (labels: Labels, rows: number, components: number): E.Either<FitError, Labels> => {
  const invalid = (received: string): E.Either<FitError, never> =>
    E.left({
      _tag: 'InvalidOption',
      option: 'labels',
      expected: `${rows} whole numbers from -1 to ${components - 1}`,
      received,
    })
  if (labels.length !== rows) return invalid(`${labels.length} of them`)
  const wrong = Array.from(labels).findIndex(l => !(Number.isInteger(l) && l >= -1 && l < components))
  return wrong < 0 ? E.right(labels) : invalid(`${labels[wrong]} in row ${wrong}`)
}

interface Part extends Loaded {
  readonly label: number
  /** Their numbers among all rows. */
  readonly indices: Int32Array
  readonly rows: LoadedRows
}

/** Nothing but the component of the label is possible. */
const only = <D extends Densities>(label: number, densities: D): D =>
  label < 0
    ? densities
    : { ...densities, logConstant: densities.logConstant.map((c, k) => (k === label ? c : Number.NEGATIVE_INFINITY)) }

/** Sums of all parts: they are about the same means. */
const join = <D extends Densities>(parts: ReadonlyArray<MixtureExpectation<D>>): MixtureExpectation<D> => ({
  statistics: combineSums(
    parts.map(({ statistics }) => statistics),
    ([first, ...others]) => {
      const sum = first!.slice()
      for (const other of others) for (let i = 0; i < sum.length; i++) sum[i]! += other[i]!
      return sum
    },
  ),
  logLikelihood: parts.reduce((total, part) => total + part.logLikelihood, 0),
})

/**
 * An executor for rows of which some are known to belong to a component: for those no other component is possible, and
 * their log-likelihood is that of the row and its label together.
 */
export const labelled = (executor: Executor, labels: Labels): Executor => {
  const load = (
    { rows, columns, data }: Matrix,
    { rowWeights, ...options }: LoadOptions = {},
  ): ReturnType<Executor['load']> => {
    const groups = new Map<number, number[]>()
    for (let n = 0; n < rows; n++) {
      const group = groups.get(labels[n]!)
      if (group) group.push(n)
      else groups.set(labels[n]!, [n])
    }
    const loadPart = ([label, members]: readonly [number, ReadonlyArray<number>]) => {
      const part = new Float64Array(members.length * columns)
      for (const [i, n] of members.entries())
        for (let j = 0; j < columns; j++) part[i * columns + j] = data[n * columns + j]!
      const weights = rowWeights && Float64Array.from(members, n => rowWeights[n]!)
      return pipe(
        executor.load(
          { rows: members.length, columns, data: part },
          { ...options, ...(weights && { rowWeights: weights }) },
        ),
        TE.mapLeft(e =>
          e._tag === 'NonFiniteData' || e._tag === 'InvalidRowWeight' ? { ...e, row: members[e.row] ?? e.row } : e,
        ),
        TE.map((loaded): Part => ({ label, indices: Int32Array.from(members), rows: loaded, dispose: loaded.dispose })),
      )
    }
    return pipe(
      rows === 0 ? [[-1, []] as const] : [...groups].sort(([a], [b]) => a - b),
      loadEach(loadPart),
      TE.map((parts): LoadedRows => {
        const one = parts[0]!
        if (parts.length === 1 && one.label < 0) return one.rows
        const largest = parts.reduce((a, b) => (b.indices.length > a.indices.length ? b : a))
        const inOrder = <A, B extends { [n: number]: number }>(
          all: B,
          width: number,
          ask: (part: Part) => TE.TaskEither<A, ArrayLike<number>>,
        ) =>
          pipe(
            parts,
            TE.traverseSeqArray(part =>
              pipe(
                ask(part),
                TE.map(values => {
                  for (const [i, n] of part.indices.entries())
                    for (let j = 0; j < width; j++) all[n * width + j] = values[i * width + j]!
                  return all
                }),
              ),
            ),
            TE.map(() => all),
          )
        return {
          rows,
          columns,
          ...(largest.rows.ranOn && { ranOn: largest.rows.ranOn }),
          distinctRows: parts.reduce((sum, part) => sum + (part.rows.distinctRows ?? part.rows.rows), 0),
          expectation: densities =>
            pipe(
              parts,
              TE.traverseSeqArray(part => part.rows.expectation(only(part.label, densities))),
              TE.map(join),
            ),
          responsibilities: densities =>
            pipe(
              inOrder(new Float64Array(rows * densities.components), densities.components, part =>
                pipe(
                  part.rows.responsibilities(only(part.label, densities)),
                  TE.map((m): Vector => m.data),
                ),
              ),
              TE.map(all => ({ rows, columns: densities.components, data: all })),
            ),
          assignments: densities =>
            inOrder(new Int32Array(rows), 1, part => part.rows.assignments(only(part.label, densities))),
          logProb: densities =>
            inOrder(new Float64Array(rows), 1, part => part.rows.logProb(only(part.label, densities))),
          dispose: () => {
            for (const part of parts) part.dispose()
          },
        }
      }),
    )
  }
  return { ...executor, load }
}
