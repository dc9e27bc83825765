import type { Vector } from '@conjugate/linalg'
import type { Centring } from './mixture.js'

/** A centring by observations `X`: places to take the centre of, instead of the rows, and weights of either. */
export interface Places<X> {
  readonly places?: ReadonlyArray<X>
  readonly weights?: Vector
}

/** The places of components, or rows with their weights. */
export const placesOf = <P, X>(
  { rowWeights, fitted, centre }: Centring<P>,
  locationOf: ((component: P) => X) | undefined,
): Places<X> => {
  if (centre !== undefined) return { places: [centre as X] }
  if (fitted && locationOf) return { places: fitted.components.map(locationOf), weights: fitted.weights }
  return rowWeights ? { weights: rowWeights } : {}
}
