import { logMultivariateBeta, regularizedBeta } from '@conjugate/linalg'
import type { StudentT } from '../families/student-t.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** From so many scales on the tail is a power of z to the last digit; the square of z need not be in float64. */
const FAR = 1e100

/**
 * Cumulative probabilities of Student's t: the tail beyond z is half of I_y(nu/2, 1/2) at y = nu/(nu + z^2). Source: NIST
 * DLMF, 8.17.2.
 */
export const studentTCumulative: Cumulative<StudentT> = cumulative(
  ({ degreesOfFreedom: nu, location, scale }) =>
    (x, tail) => {
      const z = (x - location) / scale
      // 1 / (1 + z^2 / nu) and the rest, where z^2 may be beyond float64.
      const ratio = (z / nu) * z
      const half = Math.max(nu / 2, Number.MIN_VALUE)
      const beyond =
        Math.abs(z) > FAR * Math.sqrt(nu)
          ? Math.min(
              0.5,
              Math.exp(
                nu * (0.5 * Math.log(nu) - Math.log(Math.abs(z))) - logMultivariateBeta([half, 0.5]) - Math.log(nu),
              ),
            )
          : 0.5 * regularizedBeta(half, 0.5, 1 / (1 + ratio), 1 / (1 + 1 / ratio), 'lower')
      return z < 0 === (tail === 'lower') ? beyond : 1 - beyond
    },
)
