import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from './densities.js'
import type { Densities, ExecutorError, FactorShape, LoadedRows, MixtureExpectation, StatisticsOf } from './executor.js'
import { checkResponsibilities } from './responsibilities.js'
import { checkRowWeights } from './rows.js'

type Answer<A> = A | Promise<A>

/** What an executor computes of rows that it holds as `R`. It may throw, or reject. */
export interface Passes<R> {
  /** By the weights of the rows that are held, unless others are given. */
  readonly expectation: <D extends Densities>(
    data: R,
    densities: D,
    rowWeights: Float64Array | undefined,
  ) => Answer<MixtureExpectation<D>>
  readonly responsibilities: (data: R, densities: Densities) => Answer<Matrix>
  readonly assignments: (data: R, densities: Densities) => Answer<Int32Array>
  readonly logProb: (data: R, densities: Densities) => Answer<Float64Array>
  readonly logDensities: (data: R, densities: Densities) => Answer<Matrix>
  readonly weightedStatistics: <D extends Densities>(
    data: R,
    densities: D,
    responsibilities: Float64Array,
  ) => Answer<StatisticsOf<D>>
}

interface Residence<R> {
  readonly rows: number
  readonly columns: number
  readonly factors: ReadonlyArray<FactorShape> | undefined
  readonly data: R
  readonly passes: Passes<R>
  readonly failed: (reason: unknown) => ExecutorError
  readonly release?: (data: R) => void
}

/** Rows until they are disposed of, with densities that are checked before every pass. */
export const residentRows = <R>({
  rows,
  columns,
  factors,
  data,
  passes,
  failed,
  release,
}: Residence<R>): LoadedRows => {
  let resident: R | undefined = data
  const run =
    <D extends Densities, A>(densities: D, pass: (data: R, densities: D) => Answer<A>): TaskEither<ExecutorError, A> =>
    async () => {
      if (resident === undefined) return E.left(failed('the rows have been disposed of'))
      const checked = checkDensities({ columns, factors }, densities)
      if (E.isLeft(checked)) return checked
      try {
        return E.right(await pass(resident, checked.right))
      } catch (error) {
        return E.left(failed(error))
      }
    }
  return {
    rows,
    columns,
    expectation: (densities, options) => {
      const weights = checkRowWeights(rows, options)
      return E.isLeft(weights)
        ? async () => weights
        : run(densities, (held, d) => passes.expectation(held, d, weights.right))
    },
    responsibilities: densities => run(densities, passes.responsibilities),
    assignments: densities => run(densities, passes.assignments),
    logProb: densities => run(densities, passes.logProb),
    logDensities: densities => run(densities, passes.logDensities),
    weightedStatistics: (densities, responsibilities) => {
      const checked = checkResponsibilities(responsibilities, rows, densities)
      return E.isLeft(checked)
        ? async () => checked
        : run(densities, (held, d) => passes.weightedStatistics(held, d, checked.right))
    },
    dispose: () => {
      if (resident !== undefined) release?.(resident)
      resident = undefined
    },
  }
}

/** Why a backend could not do something, from what was thrown. */
export const failureOf =
  (backend: string) =>
  (reason: unknown): ExecutorError => ({
    _tag: 'ExecutionFailed',
    backend,
    reason: E.toError(reason).message,
  })
