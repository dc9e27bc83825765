import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { checkDensities } from './densities.js'
import type {
  Densities,
  ExecutorError,
  FactorShape,
  LoadedRows,
  MixtureExpectation,
  Prediction,
  StatisticsOf,
} from './executor.js'
import { mayOverflow, overflowAt, overflowOfExpectation, overflowOfSums } from './overflow.js'
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
  /** The three above at once; without it they are asked for one by one. */
  readonly prediction?: (data: R, densities: Densities) => Answer<Prediction>
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
  /** The greatest size of a value, where missing cells are none. */
  readonly largest: number
  readonly data: R
  readonly passes: Passes<R>
  readonly failed: (reason: unknown) => ExecutorError
  readonly release?: (data: R) => void
}

/** Rows until they are disposed of, with densities that are checked before every pass, and results after it. */
export const residentRows = <R>({
  rows,
  columns,
  factors,
  largest,
  data,
  passes,
  failed,
  release,
}: Residence<R>): LoadedRows => {
  let resident: R | undefined = data
  const run =
    <D extends Densities, A>(
      densities: D,
      pass: (data: R, densities: D) => Answer<A>,
      overflowOf: (found: A, densities: D, data: R) => Answer<ExecutorError | undefined>,
      ofLogs = true,
    ): TaskEither<ExecutorError, A> =>
    async () => {
      if (resident === undefined) return E.left(failed('the rows have been disposed of'))
      const [held, checked] = [resident, checkDensities({ columns, factors }, densities)]
      if (E.isLeft(checked)) return checked
      const d = checked.right
      try {
        const mayBeNone = ofLogs && mayOverflow(d, () => largest)
        const none = mayBeNone && overflowAt((await passes.logDensities(held, d)).data, d.components)
        if (none) return E.left(none)
        const found = await pass(held, d)
        const wrong = await overflowOf(found, d, held)
        return wrong ? E.left(wrong) : E.right(found)
      } catch (error) {
        return E.left(failed(error))
      }
    }
  return {
    rows,
    columns,
    expectation: (densities, options) => {
      const weights = checkRowWeights(rows, options)
      if (E.isLeft(weights)) return async () => weights
      return run(
        densities,
        (held, d) => passes.expectation(held, d, weights.right),
        (found, d, held) => overflowOfExpectation(found, async () => E.right(await passes.logProb(held, d))),
      )
    },
    responsibilities: densities => run(densities, passes.responsibilities, (q, d) => overflowAt(q.data, d.components)),
    assignments: densities => run(densities, passes.assignments, () => undefined),
    logProb: densities => run(densities, passes.logProb, logs => overflowAt(logs)),
    prediction: densities =>
      run(
        densities,
        passes.prediction ??
          (async (held, d) => ({
            assignments: await passes.assignments(held, d),
            responsibilities: await passes.responsibilities(held, d),
            logProb: await passes.logProb(held, d),
          })),
        (found, d) => overflowAt(found.responsibilities.data, d.components) ?? overflowAt(found.logProb),
      ),
    logDensities: densities => run(densities, passes.logDensities, (logs, d) => overflowAt(logs.data, d.components)),
    weightedStatistics: (densities, responsibilities) => {
      const given = checkResponsibilities(responsibilities, rows, densities)
      return E.isLeft(given)
        ? async () => given
        : run(densities, (held, d) => passes.weightedStatistics(held, d, given.right), overflowOfSums, false)
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
