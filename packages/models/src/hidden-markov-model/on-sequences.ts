import type { EMModel } from '@conjugate/em'
import type { Executor, LoadedRows } from '@conjugate/executors'
import { type Matrix, type RowsLike, subtract, type Vector } from '@conjugate/linalg'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError, StepError } from '../errors.js'
import { gaussianStatistics, ofNormals } from '../mixture/forms/quadratic.js'
import { gatherSums } from '../mixture/gather.js'
import { smooth, viterbi } from './chain.js'
import {
  type HiddenMarkovModel,
  type HiddenMarkovParameters,
  type HiddenMarkovStatistics,
  logPrior,
  maximize,
} from './definition.js'
import { inItsSequence, readSequences } from './read-sequences.js'

/** A model and sequences that are resident on an executor. */
export interface HiddenMarkovOnSequences {
  readonly model: EMModel<HiddenMarkovParameters, HiddenMarkovStatistics, StepError>
  /** For each sequence N x K: p(z_n = k | X). */
  readonly states: (p: HiddenMarkovParameters) => TE.TaskEither<StepError, ReadonlyArray<Matrix>>
  /** For each sequence its most probable states together. */
  readonly paths: (p: HiddenMarkovParameters) => TE.TaskEither<StepError, ReadonlyArray<Int32Array>>
  readonly dispose: () => void
}

/** N x K log densities of the rows under each emission. */
const emissionDensities = (
  loaded: LoadedRows,
  origin: Vector,
  { emissions }: HiddenMarkovParameters,
): TE.TaskEither<StepError, Float64Array> =>
  pipe(
    emissions,
    TE.traverseSeqArray(c => loaded.logProb(ofNormals([{ ...c, mean: subtract(origin)(c.mean) }]))),
    TE.map(columns => {
      const all = new Float64Array(loaded.rows * columns.length)
      for (const [k, logs] of columns.entries()) for (const [n, v] of logs.entries()) all[n * columns.length + k] = v
      return all
    }),
  )

/** Loads sequences, each N x D with an N of its own. Errors: other columns than the prior's, values that are not finite. */
export const onSequences =
  (model: HiddenMarkovModel) =>
  (
    executor: Executor,
    sequences: ReadonlyArray<RowsLike>,
  ): TE.TaskEither<FitError, HiddenMarkovOnSequences & { readonly rows: Matrix }> => {
    const columns = model.emissionPrior.mean.length
    const k = model.transitionPriors.length
    const origin = model.emissionPrior.mean
    return pipe(
      TE.fromEither(readSequences(sequences, columns)),
      TE.bindTo('stacked'),
      TE.bindW('loaded', ({ stacked }) =>
        pipe(executor.load(stacked.rows, { origin }), TE.mapLeft(inItsSequence(stacked))),
      ),
      TE.map(({ stacked: { rows, starts }, loaded }) => {
        const chains = (p: HiddenMarkovParameters) =>
          pipe(
            emissionDensities(loaded, origin, p),
            TE.map(all =>
              starts.slice(1).map((end, i) => ({ ...p, logDensities: all.subarray(starts[i]! * k, end * k) })),
            ),
          )
        const expect = (p: HiddenMarkovParameters) =>
          pipe(
            chains(p),
            TE.map(all => {
              const smoothed = all.filter(c => c.logDensities.length > 0).map(smooth)
              const initial = new Float64Array(k)
              const transitions = new Float64Array(k * k)
              const states = Float64Array.from(smoothed.flatMap(s => Array.from(s.states)))
              for (const s of smoothed) {
                for (let j = 0; j < k; j++) initial[j]! += s.states[j]!
                for (let i = 0; i < k * k; i++) transitions[i]! += s.transitions[i]!
              }
              const { densities, sums } = gatherSums<ReturnType<typeof ofNormals>>(
                'Quadratic',
                rows,
                k,
                (n, j) => states[n * k + j]!,
              )
              return {
                statistics: {
                  initial,
                  transitions: { rows: k, columns: k, data: transitions },
                  emissions: gaussianStatistics(densities, sums),
                  parameters: p,
                },
                logLikelihood: smoothed.reduce((sum, s) => sum + s.logLikelihood, 0),
              }
            }),
          )
        return {
          rows,
          model: { expect, maximize: maximize(model), logPrior: logPrior(model) },
          states: p =>
            pipe(
              chains(p),
              TE.map(all => all.map(c => ({ rows: c.logDensities.length / k, columns: k, data: smooth(c).states }))),
            ),
          paths: p =>
            pipe(
              chains(p),
              TE.map(all => all.map(viterbi)),
            ),
          dispose: loaded.dispose,
        }
      }),
    )
  }
