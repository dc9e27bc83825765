import { logMultivariateBeta, regularizedBeta } from '@conjugate/linalg'
import type { StudentT } from '../families/student-t.js'
import { type Cumulative, cumulative } from './cumulative.js'
import { inverseOfDistance, type Mass } from './invert.js'

/** From so many scales on the tail is a power of z to the last digit; the square of z need not be in float64. */
const FAR = 1e100

/** The mass of distances from the location in units of the scale: I_y(nu/2, 1/2) is above at y = nu/(nu + z^2). */
const ofDistance = (nu: number): Mass => {
  const half = Math.max(nu / 2, Number.MIN_VALUE)
  return (z, tail) => {
    if (z > FAR * Math.sqrt(nu)) {
      const log = nu * (0.5 * Math.log(nu) - Math.log(z)) - logMultivariateBeta([half, 0.5]) - Math.log(nu) + Math.LN2
      return tail === 'upper' ? Math.min(1, Math.exp(log)) : Math.max(0, -Math.expm1(log))
    }
    // 1 / (1 + z^2 / nu) and the rest, where z^2 may be beyond float64.
    const ratio = (z / nu) * z
    return regularizedBeta(half, 0.5, 1 / (1 + ratio), 1 / (1 + 1 / ratio), tail === 'upper' ? 'lower' : 'upper')
  }
}

/**
 * Cumulative probabilities of Student's t: the tail beyond z is half of I_y(nu/2, 1/2) at y = nu/(nu + z^2). Source: NIST
 * DLMF, 8.17.2.
 */
export const studentTCumulative: Cumulative<StudentT> = cumulative({
  name: 'StudentT',
  mass: ({ degreesOfFreedom, location, scale }) => {
    const distance = ofDistance(degreesOfFreedom)
    return (x, tail) => {
      const z = (x - location) / scale
      const beyond = 0.5 * distance(Math.abs(z), 'upper')
      return z < 0 === (tail === 'lower') ? beyond : 1 - beyond
    }
  },
  inverse: ({ degreesOfFreedom, location, scale }) => inverseOfDistance(location, scale, ofDistance(degreesOfFreedom)),
})
