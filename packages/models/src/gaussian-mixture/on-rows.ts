import { type EMError, type EMModel, type Expectation, type Iteration, iterations, squarem } from '@conjugate/em'
import type { Executor, LoadedRows } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import { coordinates } from './coordinates.js'
import {
  columnCount,
  componentCount,
  type GaussianMixture,
  type GaussianMixtureParameters,
  parametersRelativeTo,
  relativeTo,
} from './definition.js'
import { logPrior, type MixtureStatistics, maximize, rounding, toDensities, toStatistics } from './steps.js'

/** `squarem` takes about a third of the iterations, and may end in another local maximum than plain EM. */
export type Acceleration = 'none' | 'squarem'

export type MixtureIteration = Iteration<GaussianMixtureParameters, MixtureStatistics>

/**
 * A mixture and rows that are resident on an executor. All parameters are in the coordinates of the rows; the computation
 * runs about the mean of the rows, so that an offset of the data costs no digits.
 */
export interface GaussianMixtureOnRows {
  /** Where it runs, for a person. */
  readonly backend: string
  /** How many rows are computed, where equal ones have been grouped. */
  readonly distinctRows: number
  /** The path of EM from initial parameters: n + 1 values for n M-steps. */
  readonly iterations: (
    initial: GaussianMixtureParameters,
    acceleration?: Acceleration,
  ) => AsyncGenerator<E.Either<EMError<StepError>, MixtureIteration>, void>
  /** The E-step: statistics of each component, and the log-likelihood. */
  readonly expect: (p: GaussianMixtureParameters) => TE.TaskEither<StepError, Expectation<MixtureStatistics>>
  /** log p(X, theta) of rows and parameters together, the objective of EM. */
  readonly logJoint: (p: GaussianMixtureParameters) => TE.TaskEither<StepError, number>
  /** N x K. */
  readonly responsibilities: (p: GaussianMixtureParameters) => TE.TaskEither<StepError, Matrix>
  /** The most probable component of each of the N rows. */
  readonly assignments: (p: GaussianMixtureParameters) => TE.TaskEither<StepError, Int32Array>
  /** log p(x_n | theta) of each of the N rows. */
  readonly logProb: (p: GaussianMixtureParameters) => TE.TaskEither<StepError, Float64Array>
  /** Gives the memory of the rows back. */
  readonly dispose: () => void
}

/** Column means, the origin of the computation. */
const columnMeans = ({ rows, columns, data }: Matrix): Float64Array => {
  const means = new Float64Array(columns)
  for (let n = 0, i = 0; n < rows; n++) for (let j = 0; j < columns; j++, i++) means[j]! += data[i]!
  return means.map(sum => (rows > 0 && Number.isFinite(sum) ? sum / rows : 0))
}

const negated = (v: Vector): Float64Array => Float64Array.from(v, x => -x)

/** The engine's view of a mixture whose rows are loaded, in the coordinates of the load. */
const emModel = (
  model: GaussianMixture,
  rows: LoadedRows,
  executorRounding: number | undefined,
): EMModel<GaussianMixtureParameters, MixtureStatistics, StepError> => ({
  expect: parameters => {
    const densities = toDensities(parameters)
    return pipe(
      rows.expectation(densities),
      TE.map(({ statistics, logLikelihood }) => ({ statistics: toStatistics(densities, statistics), logLikelihood })),
    )
  },
  maximize: maximize(model),
  logPrior: logPrior(model),
  rounding: rounding(executorRounding),
})

const shiftBack =
  (origin: Vector) =>
  (statistics: MixtureStatistics): MixtureStatistics =>
    statistics.map(s => ({ ...s, mean: Float64Array.from(s.mean, (v, i) => v + origin[i]!) }))

/** Loads rows (N x D) for a mixture. Errors: a wrong number of columns, values that are not finite, the executor's. */
export const onRows =
  (executor: Executor, rows: Matrix, rowWeights?: Vector) =>
  (model: GaussianMixture): TE.TaskEither<FitError, GaussianMixtureOnRows> => {
    const expected = columnCount(model)
    if (rows.columns !== expected) return TE.left({ _tag: 'ColumnMismatch', expected, received: rows.columns })
    const count = componentCount(model)
    const origin = columnMeans(rows)
    const inner = parametersRelativeTo(origin)
    const outer = parametersRelativeTo(negated(origin))
    const outerExpectation = (e: Expectation<MixtureStatistics>): Expectation<MixtureStatistics> => ({
      ...e,
      statistics: shiftBack(origin)(e.statistics),
    })
    return pipe(
      executor.load(rows, { origin, ...(rowWeights && { rowWeights }) }),
      TE.map(loaded => {
        const em = emModel(relativeTo(origin)(model), loaded, executor.relativeRounding)
        return {
          backend: executor.description,
          distinctRows: loaded.distinctRows ?? loaded.rows,
          iterations: async function* (initial, acceleration = 'none') {
            const path = acceleration === 'none' ? iterations(em) : squarem(coordinates(count, expected))(em)
            for await (const step of path(inner(initial)))
              yield pipe(
                step,
                E.map(i => ({
                  ...i,
                  parameters: outer(i.parameters),
                  expectation: outerExpectation(i.expectation),
                })),
              )
          },
          expect: p => pipe(em.expect(inner(p)), TE.map(outerExpectation)),
          logJoint: p =>
            pipe(
              em.expect(inner(p)),
              TE.map(e => e.logLikelihood + em.logPrior(inner(p))),
            ),
          responsibilities: p => loaded.responsibilities(toDensities(inner(p))),
          assignments: p => loaded.assignments(toDensities(inner(p))),
          logProb: p => loaded.logProb(toDensities(inner(p))),
          dispose: loaded.dispose,
        }
      }),
    )
  }
