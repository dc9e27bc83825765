// Points of a path in the coordinates of the data, which are converted when they are first read: most of them nobody reads.
import type { Expectation, Iteration } from '@conjugate/em'
import { withLater } from './later.js'

/** How what a point is made of is converted. */
export interface Conversion<P, S> {
  readonly parameters: (parameters: P) => P
  readonly expectation: (expectation: Expectation<S>) => Expectation<S>
}

/** The same point in other coordinates. */
export const movedPoint = <P, S>(point: Iteration<P, S>, conversion: Conversion<P, S>): Iteration<P, S> => {
  const { index, logPrior, objective, rounding, position } = point
  return withLater(
    { index, logPrior, objective, rounding, position },
    {
      parameters: () => conversion.parameters(point.parameters),
      expectation: () => conversion.expectation(point.expectation),
    },
  ) as object as Iteration<P, S>
}
