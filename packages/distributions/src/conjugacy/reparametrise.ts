import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { ExponentialFamily } from '../family.js'

/** What a family over parameters `T` knows of the members `P` of a likelihood that have them, without making any. */
export const seenIn = <Q, T, P>(
  family: ExponentialFamily<Q, T>,
  parameterOf: (p: P) => T,
): Omit<ExponentialFamily<Q, P, T>, 'sample' | 'mean' | 'mode'> => ({
  ...family,
  // Its values are members.
  support: undefined,
  logProb: q => {
    const logProb = family.logProb(q)
    return p => logProb(parameterOf(p))
  },
  statistic: p => family.statistic(parameterOf(p)),
  logBaseMeasure: p => family.logBaseMeasure(parameterOf(p)),
})

/**
 * Sees a family over parameters `T` as one over the members `P` of a likelihood that have them, where every parameter makes
 * one member. Densities stay those of the parameter.
 */
export const reparametrise = <Q, T, P>(
  family: ExponentialFamily<Q, T>,
  member: (parameter: T) => P,
  parameterOf: (p: P) => T,
): ExponentialFamily<Q, P, T> => ({
  ...seenIn(family, parameterOf),
  sample: q => random => member(family.sample(q)(random)),
  mean: q => pipe(family.mean(q), O.map(member)),
  mode: q => pipe(family.mode(q), O.map(member)),
})
