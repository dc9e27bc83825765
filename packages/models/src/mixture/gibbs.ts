import { checkOptions } from '@conjugate/em'
import { exactly, optional } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkConjugate } from '../checks/model.js'
import { startOf } from '../checks/start.js'
import type { FitError } from '../errors.js'
import { drawsOf, type GibbsOptions, gibbsFields } from '../model/gibbs.js'
import type { ConjugateMixture } from './conjugate.js'
import { conjugateHalvesOf } from './conjugate-components.js'
import { forRows } from './from-data.js'
import type { MixtureParameters } from './mixture.js'

/** One draw from the posterior of everything that is not known. */
export interface GibbsDraw<P> extends MixtureParameters<P> {
  /** The component of each of the N observations, given which the parameters were drawn; K is the noise. */
  readonly assignments: Int32Array
  /** log p(X, theta) of these parameters, the objective of MAP-EM, with the components of the observations summed out. */
  readonly logJoint: number
}

/** Draws of a mixture with conjugate priors. Errors, as the last element: those of `fit`. */
export async function* mixtureDraws<Source, Q, P, X, S, D extends Densities>(
  given: ConjugateMixture<Source, Q, P, X, S, D>,
  observations: Source,
  options: GibbsOptions<MixtureParameters<P>>,
): AsyncGenerator<E.Either<FitError, GibbsDraw<P>>, void> {
  const checked = pipe(
    checkConjugate(given),
    E.chain(model => forRows(model, observations)),
    E.chainFirstW(({ mixture }) =>
      checkOptions(exactly({ ...gibbsFields, start: optional(startOf(mixture)) }))(options),
    ),
  )
  if (E.isLeft(checked)) yield checked
  else {
    const all = drawsOf(conjugateHalvesOf(checked.right.mixture), checked.right.source as never, options as never)
    yield* all as unknown as ReturnType<typeof mixtureDraws<Source, Q, P, X, S, D>>
  }
}
