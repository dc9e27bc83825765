import { random } from '@conjugate/distributions'
import { compareAssignments, diagonalGaussianMixture, fit, gaussianMixture } from '@conjugate/models'
import { right } from '@conjugate/testing'
import { expect, test } from 'vitest'

// Squares of which one column alone tells them apart: squared distances in units of deviations prefer others.
test.each([
  [3, 10, 1],
  [4, 10, 1],
  [5, 5, 1],
  [3, 10, 4],
])(
  'the default fit finds %d groups along one column, %d apart, beside %d that say nothing',
  async (groups, far, others) => {
    for (let seed = 0; seed < 4; seed++) {
      const drawn = random(seed)
      const truth = Array.from({ length: 200 * groups }, (_, n) => n % groups)
      const rows = truth.map(k => [far * k + drawn.uniform(), ...Array.from({ length: others }, () => drawn.uniform())])
      // In whatever units columns are.
      const scaled = rows.map(row => row.map((x, c) => 1000 ** c * x))
      for (const data of [rows, scaled]) {
        const full = right(await fit(gaussianMixture({ components: groups }), data, { seed })())
        const diagonal = right(await fit(diagonalGaussianMixture({ components: groups }), data, { seed })())
        for (const { assignments } of [full, diagonal])
          expect(right(compareAssignments(assignments, truth)).adjustedRandIndex).toBe(1)
      }
    }
  },
)
