import { checkOptions, type Ending } from '@conjugate/em'
import { anything, exactly, optional } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkMixture } from '../checks/model.js'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import { fixedOf, startOf } from '../checks/start.js'
import type { FitError } from '../errors.js'
import type { LabelModel } from '../labels/label-model.js'
import type { ComponentModel } from '../model/component-model.js'
import { fitChecked, type ModelFit } from '../model/fit.js'
import { fitFields, type ModelFitOptions } from '../model/fit-options.js'
import { type MixtureComponents, plainComponents } from './components.js'
import { forRows } from './from-data.js'
import type { Mixture, MixtureParameters } from './mixture.js'
import { type WeightLabels, weightLabels } from './weight-labels.js'

/** The halves of a mixture as types. */
export type OfMixture<P, S> = MixtureComponents<never, never, P, S>

/** Options of `fit` for a mixture. */
export interface FitOptions<P, S, W = Vector> extends ModelFitOptions<OfMixture<P, S>, WeightLabels<W>> {
  /** One nonnegative weight per observation; those of weight 0 have no influence, whatever they hold. */
  readonly rowWeights?: Vector
}

/** The result of a fit of a mixture: the parameters of the best restart, what is known of them, and how that restart ended. */
export interface MixtureFit<P, S, W = Vector>
  extends MixtureParameters<P, W>,
    Ending,
    Omit<
      ModelFit<OfMixture<P, S>, WeightLabels<W>>,
      'weights' | 'components' | 'counts' | 'logLikelihoods' | keyof Ending
    > {}

/** All options of `fit` for a mixture. */
const fieldsOf = <P, S, W>(
  model: Pick<Mixture<never, unknown, P, S, never, W>, 'weights' | 'check' | 'noise' | 'joint'>,
): FieldsOf<FitOptions<P, S, W>> => ({
  ...fitFields,
  start: optional(startOf(model)),
  labels: option.oneForEachRow,
  fixed: optional(fixedOf(model)),
  rowWeights: anything,
})

const refused = (option: string, expected: string, received: string): E.Either<FitError, never> =>
  E.left({ _tag: 'InvalidOption', option, expected, received })

/** Errors: an order of components that cannot change places. */
const checkPlaces = <P, S, W>(
  { exchangeable }: { readonly exchangeable: boolean },
  { order, labels }: FitOptions<P, S, W>,
): E.Either<FitError, void> => {
  if (order !== undefined && !exchangeable)
    return refused(
      'order',
      'priors that are alike, so that components can change places',
      'one, with priors that differ',
    )
  if (order !== undefined && labels !== undefined)
    return refused('order', 'none where labels are known: they say which component is which', 'one')
  return E.right(undefined)
}

/** Both halves of a mixture: components in which nothing is missing but what it reads as missing, and weights. */
export const halvesOf = <Source, X, P, S, D extends Densities, W>(
  mixture: Mixture<Source, X, P, S, D, W>,
): {
  readonly components: ComponentModel<MixtureComponents<Source, X, P, S>>
  readonly labels: LabelModel<WeightLabels<W>>
} => ({
  components: plainComponents<Source, X, P, S, D, W, never>(mixture, false),
  labels: weightLabels(mixture.weights),
})

/**
 * Fits a mixture to observations by MAP-EM: parameters at which log p(X, theta) has a (local) maximum. A variational mixture
 * is fitted by the same loop, to its bound.
 * Errors: observations that are none of the mixture's, options out of range, a start that needs more distinct rows than
 * there are, an order of components whose priors differ, a backend that is not available, a posterior without a mode, a
 * checkpoint of something else, a function among the options that throws.
 * Source: Murphy, Machine Learning: A Probabilistic Perspective (2012), section 11.4.2.8.
 */
export const fitMixture = <Source, P, S, D extends Densities, W>(
  given: Mixture<Source, unknown, P, S, D, W>,
  observations: Source,
  options: FitOptions<P, S, W> = {},
): TE.TaskEither<FitError, MixtureFit<P, S, W>> =>
  pipe(
    checkMixture(given),
    E.chain(model => forRows(model, observations, options?.rowWeights)),
    E.chainFirstW(({ mixture }) => checkOptions(exactly(fieldsOf(mixture)))(options)),
    E.chainFirst(({ mixture }) => checkPlaces(mixture, options)),
    TE.fromEither,
    TE.chain(({ mixture, source, prior }) => {
      const {
        components: { fromData: _, ...components },
        labels,
      } = halvesOf(mixture)
      return pipe(
        fitChecked({ components, labels }, source, options as never, true),
        TE.map(({ counts: _, logLikelihoods: __, ...fitted }) => ({
          ...(fitted as unknown as MixtureFit<P, S, W>),
          ...(prior !== undefined && { prior }),
        })),
      )
    }),
  )
