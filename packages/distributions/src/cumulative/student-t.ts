import { regularizedBeta } from '@conjugate/linalg'
import type { StudentT } from '../families/student-t.js'
import { type Cumulative, cumulative } from './cumulative.js'

/** Of Student's t: the tail beyond z is half of I_y(nu/2, 1/2) at y = nu/(nu + z^2). Source: NIST DLMF, 8.17.2. */
export const studentTCumulative: Cumulative<StudentT> = cumulative(
  ({ degreesOfFreedom: nu, location, scale }) =>
    (x, tail) => {
      const z = (x - location) / scale
      // 1 / (1 + z^2 / nu) and the rest, where z^2 may be beyond float64.
      const ratio = (z / nu) * z
      const beyond = 0.5 * regularizedBeta(nu / 2, 0.5, 1 / (1 + ratio), 1 / (1 + 1 / ratio), 'lower')
      return z < 0 === (tail === 'lower') ? beyond : 1 - beyond
    },
)
