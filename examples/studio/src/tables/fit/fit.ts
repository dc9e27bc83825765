import {
  describeFitError,
  type FitError,
  type Fittable,
  fit,
  fitToText,
  type InformationCriteria,
  informationCriteria,
  type ModelPrediction,
  predict,
} from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Component, componentsOf } from './component.js'
import { dataOf, mixtureOf } from './mixture.js'
import type { Plan } from './plan.js'
import { blockName } from './prior.js'
import { type Unusual, unusualRows } from './unusual.js'

/** Which numbers of components are fitted, and how. */
export interface Range {
  readonly from: number
  readonly to: number
  readonly restarts: number
  readonly seed: number
}

/** The fit with one number of components. */
export interface Candidate {
  readonly count: number
  readonly criteria: InformationCriteria
  readonly components: ReadonlyArray<Component>
  readonly logLikelihood: number
  readonly objectives: ReadonlyArray<number>
  readonly converged: boolean
  readonly backend: string
  /** For each row the component that it most probably came from. */
  readonly assignments: Int32Array
  /** N x K. */
  readonly responsibilities: Float64Array
  /** The log density of each row, in nats. */
  readonly logDensities: Float64Array
  readonly unusual: Unusual
  /** The fit as JSON, with every bit. */
  readonly text: string
}

/** One number of components: its fit, or why it has none. */
export type Outcome =
  | { readonly _tag: 'Fitted'; readonly candidate: Candidate }
  | { readonly _tag: 'Unfit'; readonly count: number; readonly reason: string }

export interface Progress {
  /** K, which is being fitted. */
  readonly count: number
  readonly restart: number
  readonly iteration: number
  readonly objective: number
}

export interface Listener {
  readonly onProgress: (progress: Progress) => void
  readonly onOutcome: (outcome: Outcome) => void
  readonly signal: AbortSignal
}

interface Fitted {
  readonly weights: ArrayLike<number>
  readonly components: ReadonlyArray<unknown>
  readonly expectedCounts: Float64Array
  readonly objectives: ReadonlyArray<number>
  readonly logLikelihood: number
  readonly converged: boolean
  readonly backend: string
}

/** Milliseconds after which messages of the page are let in. */
const TURN = 30

/** Lets messages in, which would wait until the end: no promise of a fit waits for anything but the processor. */
const turns = (): (() => Promise<void> | undefined) => {
  let last = Date.now()
  return () => {
    if (Date.now() - last < TURN) return undefined
    return new Promise(resolve =>
      setTimeout(() => {
        last = Date.now()
        resolve()
      }, 0),
    )
  }
}

const candidateOf = (
  plan: Plan,
  data: unknown,
  count: number,
  { restarts, seed }: Range,
  { onProgress, signal }: Listener,
): TE.TaskEither<string, Candidate> => {
  const turn = turns()
  const options = {
    order: 'expected-count',
    restarts,
    seed,
    signal,
    onIteration: ({
      restart,
      iteration,
    }: {
      readonly restart: number
      readonly iteration: { readonly index: number; readonly objective: number }
    }) => {
      onProgress({ count, restart, iteration: iteration.index, objective: iteration.objective })
      return turn()
    },
  }
  return pipe(
    TE.fromEither(mixtureOf(plan, count) as E.Either<FitError, Fittable>),
    TE.bindTo('mixture'),
    TE.bind(
      'fitted',
      ({ mixture }) => fit(mixture, data as never, options as never) as TE.TaskEither<FitError, Fitted>,
    ),
    TE.bind(
      'prediction',
      ({ mixture, fitted }) =>
        predict(mixture, fitted as never, data as never) as TE.TaskEither<FitError, ModelPrediction>,
    ),
    TE.bindW('criteria', ({ mixture, fitted, prediction }) =>
      TE.fromEither(informationCriteria(mixture, fitted, prediction.responsibilities)),
    ),
    TE.bindW('text', ({ mixture, fitted }) => TE.fromEither(fitToText(mixture, fitted as never))),
    TE.bimap(describeFitError, ({ fitted, prediction, criteria, text }) => ({
      count,
      criteria,
      components: componentsOf(plan, blockName(plan), fitted, prediction.assignments),
      logLikelihood: fitted.logLikelihood,
      objectives: [...fitted.objectives],
      converged: fitted.converged,
      backend: fitted.backend,
      assignments: prediction.assignments,
      responsibilities: Float64Array.from(prediction.responsibilities.data),
      logDensities: prediction.logProb,
      unusual: unusualRows(prediction.logProb),
      text,
    })),
  )
}

/** Fits mixtures of a range of numbers of components, each of which is told as it comes, until the signal ends it. */
export const fitRange = async (plan: Plan, range: Range, listener: Listener): Promise<void> => {
  const data = dataOf(plan)
  for (let count = range.from; count <= range.to && !listener.signal.aborted; count++) {
    const result = await candidateOf(plan, data, count, range, listener)()
    if (listener.signal.aborted) return
    listener.onOutcome(
      E.isRight(result) ? { _tag: 'Fitted', candidate: result.right } : { _tag: 'Unfit', count, reason: result.left },
    )
  }
}
