import * as O from 'fp-ts/lib/Option.js'
import type { ExponentialFamily } from '../family.js'

/**
 * A family over parameters `T` as one over the members `P` of a likelihood that have them. Densities stay those of the
 * parameter. `member` is `none` only where rounding has left no member, and then another is drawn.
 */
export const over = <Q, T, P>(
  family: ExponentialFamily<Q, T>,
  member: (parameter: T) => O.Option<P>,
  parameterOf: (p: P) => T,
): ExponentialFamily<Q, P, T> => ({
  ...family,
  // Its values are members.
  support: undefined,
  logProb: q => {
    const logProb = family.logProb(q)
    return p => logProb(parameterOf(p))
  },
  sample: q => random => {
    for (;;) {
      const drawn = member(family.sample(q)(random))
      if (O.isSome(drawn)) return drawn.value
    }
  },
  mean: q => O.chain(member)(family.mean(q)),
  mode: q => O.chain(member)(family.mode(q)),
  statistic: p => family.statistic(parameterOf(p)),
  logBaseMeasure: p => family.logBaseMeasure(parameterOf(p)),
})

/** {@link over} for a parameter that is a number: every one makes a member, also one that underflows to 0. */
export const overNumbers = <Q, P>(
  family: ExponentialFamily<Q, number>,
  member: (parameter: number) => P,
  parameterOf: (p: P) => number,
): ExponentialFamily<Q, P, number> => over(family, v => O.some(member(v)), parameterOf)
