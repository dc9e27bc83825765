import * as O from 'fp-ts/lib/Option.js'
import type { ExponentialFamily } from '../family.js'

/**
 * A family over numbers as one over the members `P` of a likelihood that have those numbers for their parameter. Densities
 * stay those of the number, and a number that underflows to 0 stays 0.
 */
export const over = <Q, P>(
  family: ExponentialFamily<Q, number>,
  member: (parameter: number) => P,
  parameterOf: (p: P) => number,
): ExponentialFamily<Q, P, number> => ({
  ...family,
  logProb: q => {
    const logProb = family.logProb(q)
    return p => logProb(parameterOf(p))
  },
  sample: q => random => member(family.sample(q)(random)),
  mean: q => O.map(member)(family.mean(q)),
  mode: q => O.map(member)(family.mode(q)),
  statistic: p => family.statistic(parameterOf(p)),
  logBaseMeasure: p => family.logBaseMeasure(parameterOf(p)),
})
