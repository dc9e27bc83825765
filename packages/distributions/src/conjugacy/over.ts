import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { ExponentialFamily } from '../family.js'
import type { Validated } from '../validation.js'

/**
 * A family over numbers as one over the members `P` of a likelihood that have those numbers for their parameter. Densities
 * stay those of the number.
 */
export const over = <Q, P>(
  family: ExponentialFamily<Q, number>,
  make: (value: number) => Validated<P>,
  parameterOf: (p: P) => number,
): ExponentialFamily<Q, P, number> => {
  const member = (value: O.Option<number>): O.Option<P> =>
    pipe(
      value,
      O.chain(v => O.fromEither(make(v))),
    )
  return {
    ...family,
    logProb: q => {
      const logProb = family.logProb(q)
      return p => logProb(parameterOf(p))
    },
    sample: q => random => {
      for (;;) {
        const drawn = make(family.sample(q)(random))
        // Extreme hyperparameters can underflow to a value that the likelihood does not have: draw again.
        if (E.isRight(drawn)) return drawn.right
      }
    },
    mean: q => member(family.mean(q)),
    mode: q => member(family.mode(q)),
    statistic: p => family.statistic(parameterOf(p)),
    logBaseMeasure: p => family.logBaseMeasure(parameterOf(p)),
  }
}
