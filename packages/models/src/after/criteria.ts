import type { InvalidParameter } from '@conjugate/distributions'
import { checkArgument, tryCall } from '@conjugate/em'
import {
  allOf,
  anyNumber,
  anything,
  atLeast,
  is,
  list,
  numbers,
  object,
  oneOf,
  type Schema,
  tagged,
} from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { tried, triedTask } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { matrixOf } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { type FitOptions, fitMixture, type MixtureFit } from '../mixture/fit.js'
import { forFit } from '../mixture/from-data.js'
import type { Mixture } from '../mixture/mixture.js'
import { type PredictOptions, predictMixture } from '../mixture/predict.js'
import type { AnyMixture, Fittable } from '../mixture/types.js'
import { readRowWeights } from '../observations.js'

/** Criteria by which models of the same observations are compared; lower is better. */
export interface InformationCriteria {
  /** 2 P - 2 log L of P free parameters. Source: Akaike (1974). */
  readonly aic: number
  /** P log N - 2 log L. Source: Schwarz (1978). */
  readonly bic: number
  /**
   * BIC plus twice the entropy of the responsibilities: it asks for components that are apart. The package mclust takes the
   * most probable component of each row for certain instead, so its numbers differ. Source: Biernacki et al. (2000).
   */
  readonly icl: number
}

/** -sum q log q. */
const entropy = ({ data }: Matrix, rowWeights: Vector | undefined, columns: number): number => {
  let sum = 0
  for (const [i, q] of Array.from(data).entries())
    if (q > 0) sum -= (rowWeights?.[Math.floor(i / columns)] ?? 1) * q * Math.log(q)
  return sum
}

export interface Likelihood {
  readonly logLikelihood: number
  readonly expectedCounts: Vector
}

/** The criteria of a fit, from its log-likelihood and the responsibilities (N x K) of its observations. */
const criteriaOf = (
  { freeParameters }: { readonly freeParameters: number },
  { logLikelihood, expectedCounts }: Likelihood,
  responsibilities: Matrix,
  rowWeights?: Vector,
): InformationCriteria => {
  const observations = Array.from(expectedCounts).reduce((a, b) => a + b, 0)
  const bic = (freeParameters > 0 ? freeParameters * Math.log(observations) : 0) - 2 * logLikelihood
  return {
    aic: 2 * freeParameters - 2 * logLikelihood,
    bic,
    icl: bic + 2 * entropy(responsibilities, rowWeights, responsibilities.columns),
  }
}

const isFit: Schema = object(
  { logLikelihood: anyNumber, expectedCounts: numbers(atLeast(0)) },
  'a fit, or its logLikelihood and expectedCounts',
)

/**
 * The criteria of a fit, from its log-likelihood and the responsibilities (N x K) of its observations, as `predict` gives
 * them. Errors: that of the model.
 */
export const informationCriteria: {
  <M extends Fittable>(
    model: Given<M>,
    fitted: Likelihood,
    responsibilities: Matrix,
    rowWeights?: Vector,
  ): E.Either<FitError, InformationCriteria>
  (
    fitted: Likelihood,
    responsibilities: Matrix,
    rowWeights?: Vector,
  ): <M extends Fittable>(model: Given<M>) => E.Either<FitError, InformationCriteria>
} = dual((given: Given<AnyMixture>, fitted: Likelihood, responsibilities: Matrix, rowWeights?: Vector) =>
  tried(() =>
    pipe(
      checkMixture(given),
      E.chainFirstW(() => checkArgument('fit', isFit)(fitted)),
      E.chainFirstW(() => checkArgument('responsibilities', matrixOf())(responsibilities)),
      E.bindTo('model'),
      E.bindW('weights', () => readRowWeights(rowWeights)),
      E.bindW('mixture', ({ model }) => forFit(model, fitted)),
      E.map(({ mixture, weights }) => criteriaOf(mixture, fitted, responsibilities, weights)),
    ),
  ),
) as never

/** The options of a fit that are options of a prediction, too. */
const where = ({ backend, threads }: PredictOptions): PredictOptions => ({
  ...(backend !== undefined && { backend }),
  ...(threads !== undefined && { threads }),
})

/** One candidate of a choice: its fit and criteria, or why it has none. */
export interface Candidate<M, P, S, W = Vector> {
  readonly components: number
  readonly result: E.Either<
    FitError,
    { readonly mixture: M; readonly fit: MixtureFit<P, S, W>; readonly criteria: InformationCriteria }
  >
}

type Define<Source, P, S, D extends Densities, W> = (
  components: number,
) => E.Either<InvalidParameter, Mixture<Source, unknown, P, S, D, W>>

type Candidates<Source, P, S, D extends Densities, W> = () => Promise<
  ReadonlyArray<Candidate<Mixture<Source, unknown, P, S, D, W>, P, S, W>>
>

const candidatesOf =
  <Source, P, S, D extends Densities, W>(
    define: Define<Source, P, S, D, W>,
    source: Source,
    counts: ReadonlyArray<number>,
    options: FitOptions<P, S, W> = {},
  ): Candidates<Source, P, S, D, W> =>
  async () => {
    const candidates: Candidate<Mixture<Source, unknown, P, S, D, W>, P, S, W>[] = []
    const checked = checkArgument('counts', list(anything))(counts)
    if (E.isLeft(checked)) return [{ components: 0, result: checked }]
    for (const components of counts) {
      const result = await triedTask(() =>
        pipe(
          TE.fromEither(tryCall('define', () => define(components))),
          TE.chainEitherKW((mixture): E.Either<FitError, Mixture<Source, unknown, P, S, D, W>> => mixture),
          TE.bindTo('mixture'),
          TE.bind('fit', ({ mixture }) => fitMixture(mixture, source, options)),
          TE.bind('prediction', ({ mixture, fit: fitted }) => predictMixture(mixture, fitted, source, where(options))),
          TE.bindW('known', ({ mixture, fit: fitted }) => TE.fromEither(forFit(mixture, fitted))),
          TE.map(({ mixture, known, fit: fitted, prediction }) => ({
            mixture,
            fit: fitted,
            criteria: criteriaOf(known, fitted, prediction.responsibilities, options.rowWeights),
          })),
        ),
      )()
      candidates.push({ components, result })
    }
    return candidates
  }

/**
 * Fits mixtures of several numbers of components to the same observations. The best by a criterion is the one where it is
 * lowest; of a variational mixture the highest last objective is the criterion to take, its bound on the log evidence.
 */
export const compareComponents: {
  <Source, P, S, D extends Densities, W>(
    define: Define<Source, P, S, D, W>,
    source: Source,
    counts: ReadonlyArray<number>,
    options?: FitOptions<P, S, W>,
  ): Candidates<Source, P, S, D, W>
  <Source>(
    source: Source,
    counts: ReadonlyArray<number>,
    options?: FitOptions<never, never, never>,
  ): <P, S, D extends Densities, W>(define: Define<Source, P, S, D, W>) => Candidates<Source, P, S, D, W>
} = dual(candidatesOf, value => typeof value === 'function') as never

const isCriterion: Schema = oneOf('aic', 'bic', 'icl')

const areCandidates: Schema = allOf(
  list(object({ result: tagged({ Left: anything, Right: anything }) })),
  is('at least one candidate', value => (value as ReadonlyArray<unknown>).length > 0),
)

/**
 * Finds the candidate with the lowest criterion. Errors: no candidate has a fit, which is told by the error of the first;
 * there are no candidates.
 */
export const bestBy: {
  <M, P, S, W>(
    candidates: ReadonlyArray<Candidate<M, P, S, W>>,
    criterion: keyof InformationCriteria,
  ): Candidate<M, P, S, W>['result']
  (
    criterion: keyof InformationCriteria,
  ): <M, P, S, W>(candidates: ReadonlyArray<Candidate<M, P, S, W>>) => Candidate<M, P, S, W>['result']
} = dual(
  <M, P, S, W>(
    candidates: ReadonlyArray<Candidate<M, P, S, W>>,
    criterion: keyof InformationCriteria,
  ): Candidate<M, P, S, W>['result'] =>
    pipe(
      checkArgument('criterion', isCriterion)(criterion),
      E.chain(() => checkArgument('candidates', areCandidates)(candidates)),
      E.chainW(all =>
        all
          .map(c => c.result)
          .reduce((a, b) => {
            if (E.isLeft(a)) return E.isLeft(b) ? a : b
            return E.isRight(b) && b.right.criteria[criterion] < a.right.criteria[criterion] ? b : a
          }),
      ),
    ),
  Array.isArray,
) as never
