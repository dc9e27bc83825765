import { logPredictive } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { atLeast, list, numbers, object } from '@conjugate/em/schema'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { tried } from '../checks/functions.js'
import { checkConjugate, without } from '../checks/model.js'
import { dual, type Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import { softmaxAt } from '../labels/draws.js'
import type { LabelWeights } from '../labels/independent.js'
import type { Conjugate, ConjugateComponents } from '../mixture/conjugate.js'
import { forFit } from '../mixture/from-data.js'
import type { AMixture, AnyModel, ComponentsOf } from '../mixture/types.js'
import type { ComponentTypes } from '../model/component-model.js'

/** What a fit knows of each component: the statistics of its observations and their number. */
export interface Known<S> {
  readonly statistics: ReadonlyArray<S>
  readonly expectedCounts: Vector
}

type AnyConjugate = Pick<AnyModel, 'labels'> & { readonly components: ConjugateComponents<ComponentTypes> }

const updated = (
  { components, labels: { states } }: AnyConjugate,
  known: Known<unknown>,
): E.Either<FitError, ReadonlyArray<unknown>> => {
  const { parts, pair, priors } = components
  const isKnown = object(
    { statistics: list(parts.statistics, parts.count), expectedCounts: numbers(atLeast(0), states) },
    'a fit, or its statistics and expectedCounts',
  )
  return pipe(
    checkArgument('fit', isKnown)(known),
    E.chainW(({ statistics }) => E.sequenceArray(statistics.map((s, k) => pair.update(s)(priors[k]!)))),
  )
}

/** A model whose prior may have followed from the data of a fit. */
const conjugateOf = (given: Given<AnyConjugate>, fitted: Known<unknown>): E.Either<FitError, AnyConjugate> =>
  pipe(
    checkConjugate(given),
    E.chain(model =>
      pipe(
        forFit(model.components, fitted),
        E.map(components => ({ ...model, components })),
      ),
    ),
  )

/**
 * The posterior of each component given the responsibilities of a fit, whose mode the fit has (one M-step later).
 * Errors: the statistics are none of the model's, or give no posterior.
 */
export const posteriors: {
  <M extends Conjugate>(
    model: Given<M>,
    fitted: Known<ComponentsOf<M>['statistics']>,
  ): E.Either<FitError, ReadonlyArray<ComponentsOf<M>['posterior']>>
  <M extends Conjugate>(
    fitted: NoInfer<Known<ComponentsOf<M>['statistics']>>,
  ): (model: Given<M>) => E.Either<FitError, ReadonlyArray<ComponentsOf<M>['posterior']>>
} = dual((given: Given<AnyConjugate>, fitted: Known<unknown>) =>
  tried(() =>
    pipe(
      conjugateOf(given, fitted),
      E.chain(model => updated(model, fitted)),
    ),
  ),
) as never

/**
 * log p(x) of one more observation with weights and parameters integrated out over their posteriors given the
 * responsibilities: for a Gaussian mixture a mixture of Student's t, which has heavier tails than the fitted one. With noise
 * that is one of its components.
 * Errors: the statistics are none of the mixture's, or give no posterior.
 * Source: Bishop, Pattern Recognition and Machine Learning (2006), section 10.2.3.
 */
export const logPosteriorPredictive: {
  <M extends Conjugate & AMixture>(
    model: Given<M>,
    fitted: Known<ComponentsOf<M>['statistics']>,
  ): E.Either<FitError, (x: ComponentsOf<M>['observation']) => E.Either<FitError, number>>
  <M extends Conjugate & AMixture>(
    fitted: NoInfer<Known<ComponentsOf<M>['statistics']>>,
  ): (model: Given<M>) => E.Either<FitError, (x: ComponentsOf<M>['observation']) => E.Either<FitError, number>>
} = dual((given: Given<AnyConjugate>, known: Known<unknown>) =>
  tried(() =>
    pipe(
      conjugateOf(given, known),
      E.bindTo('model'),
      E.bind('members', ({ model }) => updated(model, known)),
      E.bind('weights', ({ model: { labels } }) => concentrationOf(labels, known)),
      E.map(({ model: { components }, members, weights }) => {
        const { pair, parts } = components
        const total = weights.reduce((a, b) => a + b, 0)
        return (x: unknown): E.Either<FitError, number> =>
          tried(() =>
            pipe(
              E.sequenceArray(members.map(q => logPredictive(pair)(q)(x))),
              E.map(logs => {
                const all = parts.noise === undefined ? logs : [...logs, parts.noise]
                const terms = Float64Array.from(all, (v, k) => v + Math.log(weights[k]! / total))
                return softmaxAt(terms, 0, terms.length)
              }),
            ),
          )
      }),
    ),
  ),
) as never

/** The concentrations of the posterior of weights. Errors: the labels have none. */
const concentrationOf = (
  labels: AnyModel['labels'],
  { expectedCounts }: Known<unknown>,
): E.Either<FitError, Float64Array> =>
  pipe(
    labels.isShared && labels.variational
      ? E.right(labels.variational().estimate!)
      : without('a mixture with a prior of its weights'),
    E.chainW(({ maximize }) => maximize({ weights: Float64Array.from(expectedCounts) })),
    E.map(found => Float64Array.from((found as LabelWeights).weights)),
  )
