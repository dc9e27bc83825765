import type { Vector } from '@conjugate/linalg'
import type { Centring, MixtureParameters, Weights } from './mixture.js'

/** A centring by observations `X`: places to take the centre of, instead of the rows, and weights of either. */
export interface Places<X> {
  readonly places?: ReadonlyArray<X>
  readonly weights?: Vector
}

/** The places of components, or rows with their weights. */
export const placesOf = <P, X>(
  { rowWeights, fitted }: Centring<P>,
  locationOf: ((component: P) => X) | undefined,
): Places<X> => {
  if (fitted && locationOf) return { places: fitted.components.map(locationOf), weights: fitted.weights }
  return rowWeights ? { weights: rowWeights } : {}
}

/** A centring by parameters of a mixture; noise, whose weight comes last, has no place. */
export const byComponents = <P, W>(
  { weights }: { readonly weights: Weights<W> },
  parameters: MixtureParameters<P, W>,
): Centring<P> => ({
  fitted: {
    components: parameters.components,
    weights: Float64Array.from(weights.logWeights(parameters.weights), Math.exp).subarray(
      0,
      parameters.components.length,
    ),
  },
})
