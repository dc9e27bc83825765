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
import type { BackendRequest, ThreadCount } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { tried, triedTask } from '../checks/functions.js'
import { checkModel } from '../checks/model.js'
import { matrixOf } from '../checks/parameters.js'
import { dual, type Given } from '../door/dual.js'
import { fit } from '../door/fit.js'
import { predict } from '../door/predict.js'
import type { TypesOf } from '../door/types.js'
import type { FitError } from '../errors.js'
import { forFit } from '../mixture/from-data.js'
import type { AMixture, AnyModel, Fittable } from '../mixture/types.js'
import type { ModelPrediction } from '../model/on-rows.js'
import { readRowWeights } from '../observations/rows.js'

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
  freeParameters: number,
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
} = dual((given: Given<AnyModel>, fitted: Likelihood, responsibilities: Matrix, rowWeights?: Vector) =>
  tried(() =>
    pipe(
      checkModel(given),
      E.chainFirstW(() => checkArgument('fit', isFit)(fitted)),
      E.chainFirstW(() => checkArgument('responsibilities', matrixOf())(responsibilities)),
      E.bindTo('model'),
      E.bindW('weights', () => readRowWeights(rowWeights)),
      E.bindW('components', ({ model }) => forFit(model.components, fitted)),
      E.map(({ model: { labels }, components, weights }) =>
        criteriaOf(components.freeParameters + labels.freeParameters, fitted, responsibilities, weights),
      ),
    ),
  ),
) as never

/** One candidate of a choice: its fit and criteria, or why it has none. */
export interface Candidate<M extends Fittable> {
  readonly components: number
  readonly result: E.Either<
    FitError,
    { readonly mixture: M; readonly fit: TypesOf<M>['fit']; readonly criteria: InformationCriteria }
  >
}

/** What the compiler takes as long as it has not looked at what a definition gives. */
type OnceDefined<M, Name extends 'data' | 'fitOptions', Before> = AMixture extends M ? Before : TypesOf<M>[Name]

type Candidates<M extends Fittable> = () => Promise<ReadonlyArray<Candidate<M>>>

type Options = { readonly backend?: BackendRequest; readonly threads?: ThreadCount; readonly rowWeights?: Vector }

const candidatesOf =
  (
    define: (components: number) => E.Either<InvalidParameter, Fittable>,
    data: unknown,
    counts: ReadonlyArray<number>,
    options: Options = {},
  ): Candidates<Fittable> =>
  async () => {
    const { backend, threads, rowWeights } = options
    const where = { ...(backend !== undefined && { backend }), ...(threads !== undefined && { threads }) }
    const checked = checkArgument('counts', list(anything))(counts)
    if (E.isLeft(checked)) return [{ components: 0, result: checked }]
    const candidates: Candidate<Fittable>[] = []
    for (const components of counts) {
      const result = await triedTask(() =>
        pipe(
          TE.fromEither(tryCall('define', () => define(components))),
          TE.chainEitherKW((mixture): E.Either<FitError, Fittable> => mixture),
          TE.bindTo('mixture'),
          TE.bind(
            'fit',
            ({ mixture }) => fit(mixture, data as never, options as never) as TE.TaskEither<FitError, Likelihood>,
          ),
          TE.bind(
            'prediction',
            ({ mixture, fit: fitted }) =>
              predict(mixture, fitted as never, data as never, where as never) as TE.TaskEither<
                FitError,
                ModelPrediction
              >,
          ),
          TE.bindW('criteria', ({ mixture, fit: fitted, prediction: { responsibilities } }) =>
            TE.fromEither(informationCriteria(mixture, fitted, responsibilities, rowWeights)),
          ),
          TE.map(({ prediction: _, ...found }) => found as never),
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
  <M extends AMixture>(
    define: (components: number) => E.Either<InvalidParameter, M>,
    data: OnceDefined<M, 'data', unknown>,
    counts: ReadonlyArray<number>,
    ...options: OnceDefined<M, 'fitOptions', [options?: object]>
  ): Candidates<M>
  <Data>(
    data: Data,
    counts: ReadonlyArray<number>,
    options?: object,
  ): <M extends AMixture>(define: (components: number) => E.Either<InvalidParameter, M>) => Candidates<M>
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
  <M extends Fittable>(
    candidates: ReadonlyArray<Candidate<M>>,
    criterion: keyof InformationCriteria,
  ): Candidate<M>['result']
  (
    criterion: keyof InformationCriteria,
  ): <M extends Fittable>(candidates: ReadonlyArray<Candidate<M>>) => Candidate<M>['result']
} = dual(
  (
    candidates: ReadonlyArray<Candidate<Fittable>>,
    criterion: keyof InformationCriteria,
  ): Candidate<Fittable>['result'] =>
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
