import { multivariateStudentT } from '@conjugate/distributions'
import { toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type DistributionCase, distributionRow, full2, full3, line, mix, ofVectors } from '../family-case.js'

export const multivariateStudentTCase: DistributionCase = distributionRow({
  ...ofVectors,
  fixture: 'multivariate_student_t',
  family: multivariateStudentT,
  members: [
    { degreesOfFreedom: 12, location: [1, -2, 0.5], scale: full3 },
    { degreesOfFreedom: 9, location: [3, 4], scale: full2 },
    { degreesOfFreedom: 15, location: [1], scale: [[2]] },
  ].map(p => right(multivariateStudentT.make(p))),
  outside: [[Number.POSITIVE_INFINITY]],
  support: {
    _tag: 'Continuous',
    between: mix,
    unitCube: {
      dimension: 2,
      member: right(multivariateStudentT.make({ degreesOfFreedom: 6, location: [0.5, -1], scale: full2 })),
      at: u => {
        const parts = u.map(line)
        return { x: parts.map(p => p.x), logJacobian: parts.reduce((sum, p) => sum + p.logJacobian, 0) }
      },
    },
  },
  fromFixture: ({ df, loc, scale_matrix }) =>
    multivariateStudentT.make({ degreesOfFreedom: df!, location: loc!, scale: scale_matrix! }),
  secondMoment: p => pipe(multivariateStudentT.covariance(p), O.map(toRows), O.toNullable),
})
