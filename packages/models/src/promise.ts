import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Given } from './door/dual.js'
import { fit as fitted } from './door/fit.js'
import { gibbs as drawn } from './door/gibbs.js'
import { onlineFit as fittedOnline } from './door/online.js'
import { predict as predicted } from './door/predict.js'
import type { TypesOf } from './door/types.js'
import { describeFitError, type FitError } from './errors.js'
import {
  type FactorAnalysisData,
  type FactorAnalysisFit,
  type FactorAnalysisFitOptions,
  fitFactorAnalysis as fittedFactors,
} from './factor-analysis/fit.js'
import type { FactorAnalysis } from './factor-analysis/model.js'
import type { Conjugate } from './mixture/conjugate.js'
import type { ComponentsOf, Fittable } from './mixture/types.js'
import { type Agreement, compareAssignments as comparedAssignments } from './results/compare.js'
import { informationCriteria as criteriaOf, type InformationCriteria, type Likelihood } from './results/criteria.js'
import { type Known, posteriors as posteriorsOf } from './results/posterior.js'
import { fitFromText as fromText, fitToText as toText } from './results/serialize.js'

/** What went wrong as an exception: its message is the line that describes it, its `cause` the tagged error. */
const thrown = (error: FitError): Error => new Error(describeFitError(error), { cause: error })

const settled = async (result: E.Either<FitError, unknown> | TaskEither<FitError, unknown>): Promise<unknown> => {
  const found = typeof result === 'function' ? await result() : result
  if (E.isLeft(found)) throw thrown(found.left)
  return found.right
}

type Call = (...args: ReadonlyArray<unknown>) => E.Either<FitError, unknown> | TaskEither<FitError, unknown>

const promised = (call: unknown): never =>
  ((...args: ReadonlyArray<unknown>) => settled((call as Call)(...args))) as never

/** The result of `fit`; rejects with what it would give as a `Left`. */
export const fit: <M extends Fittable>(
  model: Given<M>,
  data: TypesOf<M>['data'],
  ...options: TypesOf<M>['fitOptions']
) => Promise<TypesOf<M>['fit']> = promised(fitted)

/** The result of `predict`; rejects with what it would give as a `Left`. */
export const predict: <M extends Fittable>(
  model: Given<M>,
  fitted: TypesOf<M>['parameters'],
  data: TypesOf<M>['data'],
  ...options: TypesOf<M>['predictOptions']
) => Promise<TypesOf<M>['prediction']> = promised(predicted)

/** The result of `onlineFit`; rejects with what it would give as a `Left`. */
export const onlineFit: <M extends Fittable>(
  model: Given<M> & TypesOf<M>['streamed'],
  batches: AsyncIterable<TypesOf<M>['batch']> | Iterable<TypesOf<M>['batch']>,
  options?: TypesOf<M>['onlineOptions'],
) => Promise<TypesOf<M>['onlineFit']> = promised(fittedOnline)

/** The result of `fitFactorAnalysis`; rejects with what it would give as a `Left`. */
export const fitFactorAnalysis: (
  model: FactorAnalysis,
  source: FactorAnalysisData,
  options?: FactorAnalysisFitOptions,
) => Promise<FactorAnalysisFit> = promised(fittedFactors)

/** The draws of `gibbs`, of which the first that is none is thrown. */
export const gibbs = async function* <M extends Fittable>(
  model: Given<M> & TypesOf<M>['drawn'],
  data: TypesOf<M>['data'],
  ...options: TypesOf<M>['gibbsOptions']
): AsyncGenerator<TypesOf<M>['draw'], void> {
  for await (const draw of drawn<M>(model, data, ...options)) {
    if (E.isLeft(draw)) throw thrown(draw.left)
    yield draw.right
  }
}

/** The result of `informationCriteria`; rejects with what it would give as a `Left`. */
export const informationCriteria: <M extends Fittable>(
  model: Given<M>,
  fitted: Likelihood,
  responsibilities: Matrix,
  rowWeights?: Vector,
) => Promise<InformationCriteria> = promised(criteriaOf)

/** The result of `posteriors`; rejects with what it would give as a `Left`. */
export const posteriors: <M extends Conjugate>(
  model: Given<M>,
  fitted: Known<ComponentsOf<M>['statistics']>,
) => Promise<ReadonlyArray<ComponentsOf<M>['posterior']>> = promised(posteriorsOf)

/** The result of `compareAssignments`; rejects with what it would give as a `Left`. */
export const compareAssignments: (first: ArrayLike<number>, second: ArrayLike<number>) => Promise<Agreement> =
  promised(comparedAssignments)

/** The result of `fitToText`; rejects with what it would give as a `Left`. */
export const fitToText: <M extends Fittable>(model: Given<M>, fitted: TypesOf<M>['fit']) => Promise<string> =
  promised(toText)

/** The result of `fitFromText`; rejects with what it would give as a `Left`. */
export const fitFromText: <M extends Fittable>(model: Given<M>, text: string) => Promise<TypesOf<M>['fit']> =
  promised(fromText)
