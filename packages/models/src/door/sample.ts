import type { Random } from '@conjugate/distributions'
import { checkArgument } from '@conjugate/em'
import { drawnAt } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { tried } from '../checks/functions.js'
import { checkMixture } from '../checks/model.js'
import { probabilities } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import { partsIn } from '../mixture/components.js'
import { forFit } from '../mixture/from-data.js'
import type { MixtureParameters } from '../mixture/mixture.js'
import type { AMixture, AnyMixture, ComponentsOf } from '../mixture/types.js'
import { inside } from '../model/start.js'
import { dual, type Given } from './dual.js'

/** A draw with the number of its component. */
export interface Drawn<X> {
  readonly component: number
  /** `none` for the noise, which knows its density but not its range. */
  readonly observation: O.Option<X>
}

/**
 * Draws observations from a mixture with given parameters. Errors: that of the model, parameters that are none of the
 * mixture's, a function of the mixture that throws.
 */
export const sample: {
  <M extends AMixture>(
    model: Given<M>,
    fitted: MixtureParameters<ComponentsOf<M>['component']>,
  ): (random: Random) => E.Either<FitError, Drawn<ComponentsOf<M>['observation']>>
  <M extends AMixture>(
    fitted: NoInfer<MixtureParameters<ComponentsOf<M>['component']>>,
  ): (model: Given<M>) => (random: Random) => E.Either<FitError, Drawn<ComponentsOf<M>['observation']>>
} = dual((given: Given<AnyMixture>, parameters: MixtureParameters<unknown>) => {
  const checked = tried(() =>
    pipe(
      checkMixture(given),
      E.bindTo('mixture'),
      E.bind('parts', ({ mixture }) => pipe(forFit(mixture.components, parameters), E.map(partsIn))),
      E.bindW('components', ({ mixture }) =>
        pipe(mixture.components.check(parameters?.components), E.mapLeft(inside('parameters'))),
      ),
      E.bindW('weights', ({ mixture }) =>
        checkArgument('parameters.weights', probabilities(mixture.labels.states))(parameters.weights),
      ),
      E.map(({ parts, weights, components }) => ({
        weights,
        samplers: components.map(component => parts.sample(component)),
      })),
    ),
  )
  if (E.isLeft(checked)) return () => checked
  const { samplers, weights } = checked.right
  return (random: Random) => {
    const component = drawnAt(weights, 0, weights.length, random.uniform())
    const sampler = samplers[component]
    return tried(() => E.right({ component, observation: sampler ? O.some(sampler(random)) : O.none }))
  }
}) as never
