// An executor of somebody else's: another one twice, each with half of the rows, as machines that share the work would be.

import type { Densities, Executor, ExecutorError, LoadedRows, LoadOptions, StatisticsOf } from '@conjugate/executors'
import { loadEach } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

type Sums = Readonly<Record<string, Float64Array>>

const added = (a: Sums, b: Sums): Sums =>
  Object.fromEntries(Object.entries(a).map(([name, values]) => [name, values.map((v, i) => v + b[name]![i]!)]))

const addedStatistics = <D extends Densities>(a: StatisticsOf<D>, b: StatisticsOf<D>): StatisticsOf<D> => {
  const sum =
    'factors' in a && 'factors' in b
      ? {
          weight: a.weight.map((v, k) => v + b.weight[k]!),
          factors: a.factors.map((factor, f) => added({ ...factor }, { ...b.factors[f]! })),
        }
      : added({ ...a } as unknown as Sums, { ...b } as unknown as Sums)
  return sum as unknown as StatisticsOf<D>
}

const isWhole = (rows: Matrix, { rowWeights }: LoadOptions): boolean =>
  rows?.data?.length === rows?.rows * rows?.columns && (rowWeights === undefined || rowWeights.length === rows.rows)

const part = ({ columns, data }: Matrix, first: number, end: number): Matrix => ({
  rows: end - first,
  columns,
  data: Float64Array.from(data).slice(first * columns, end * columns),
})

/** Errors tell rows by their numbers among all. */
const fromRow =
  (first: number) =>
  (e: ExecutorError): ExecutorError =>
    'row' in e && e.row !== undefined ? { ...e, row: e.row + first } : e

export const inTwoPlaces = (executor: Executor): Executor => ({
  ...executor,
  description: `${executor.description}, in two places`,
  load: (rows, options = {}) => {
    // What is no matrix is for the executor to tell.
    if (!isWhole(rows, options)) return executor.load(rows, options)
    const half = Math.ceil(rows.rows / 2)
    const halves = [
      [0, half],
      [half, rows.rows],
    ] as const
    const { rowWeights } = options
    return pipe(
      halves,
      loadEach(([first, end]) =>
        pipe(
          executor.load(part(rows, first, end), {
            ...options,
            ...(rowWeights && { rowWeights: Array.from(rowWeights).slice(first, end) }),
          }),
          TE.mapLeft(fromRow(first)),
        ),
      ),
      TE.map(([a, b]) => joined(a!, b!)),
    )
  },
})

const hasLength = (
  values: ArrayLike<number> | undefined,
  what: string,
  expected: number,
): TE.TaskEither<ExecutorError, void> =>
  values === undefined || values.length === expected
    ? TE.right(undefined)
    : TE.left({ _tag: 'ShapeMismatch', what, expected, received: values.length })

const joined = (a: LoadedRows, b: LoadedRows): LoadedRows => {
  const rows = a.rows + b.rows
  const both = <A>(ask: (half: LoadedRows) => TE.TaskEither<ExecutorError, A>) => TE.sequenceSeqArray([ask(a), ask(b)])
  const matrices = (ask: (half: LoadedRows) => TE.TaskEither<ExecutorError, Matrix>) =>
    pipe(
      both(ask),
      TE.map(([first, second]) => {
        const data = new Float64Array(first!.data.length + second!.data.length)
        data.set(first!.data)
        data.set(second!.data, first!.data.length)
        return { rows, columns: first!.columns, data }
      }),
    )
  return {
    rows,
    columns: a.columns,
    expectation: (densities, options = {}) =>
      pipe(
        hasLength(options.rowWeights, 'rowWeights', rows),
        TE.flatMap(() =>
          both(half =>
            half.expectation(
              densities,
              options.rowWeights && {
                rowWeights: Array.from(options.rowWeights).slice(...(half === a ? [0, a.rows] : [a.rows])),
              },
            ),
          ),
        ),
        TE.map(([first, second]) => ({
          statistics: addedStatistics(first!.statistics, second!.statistics),
          logLikelihood: first!.logLikelihood + second!.logLikelihood,
        })),
      ),
    responsibilities: densities => matrices(half => half.responsibilities(densities)),
    logDensities: densities => matrices(half => half.logDensities(densities)),
    assignments: densities =>
      pipe(
        both(half => half.assignments(densities)),
        TE.map(([first, second]) => Int32Array.from([...first!, ...second!])),
      ),
    logProb: densities =>
      pipe(
        both(half => half.logProb(densities)),
        TE.map(([first, second]) => Float64Array.from([...first!, ...second!])),
      ),
    prediction: densities =>
      pipe(
        both(half => half.prediction(densities)),
        TE.map(([first, second]) => ({
          assignments: Int32Array.from([...first!.assignments, ...second!.assignments]),
          responsibilities: {
            rows,
            columns: first!.responsibilities.columns,
            data: Float64Array.from([...first!.responsibilities.data, ...second!.responsibilities.data]),
          },
          logProb: Float64Array.from([...first!.logProb, ...second!.logProb]),
        })),
      ),
    weightedStatistics: (densities, given) =>
      pipe(
        hasLength(given?.data ?? [], 'responsibilities', rows * densities.components),
        TE.flatMap(() =>
          both(half =>
            half.weightedStatistics(densities, half === a ? part(given, 0, a.rows) : part(given, a.rows, rows)),
          ),
        ),
        TE.map(([first, second]) => addedStatistics(first!, second!)),
      ),
    dispose: () => {
      a.dispose()
      b.dispose()
    },
  }
}
