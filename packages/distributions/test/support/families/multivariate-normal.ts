import { multivariateNormal } from '@conjugate/distributions'
import { identity, toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type FamilyCase, full2, full3, line, mix, ofVectors, row } from '../family-case.js'

export const multivariateNormalCase: FamilyCase = row({
  ...ofVectors,
  fixture: 'multivariate_normal',
  family: multivariateNormal,
  members: [
    { mean: [1, -2, 0.5], covariance: full3 },
    { mean: [0.2, -1, 0], covariance: identity(3) },
    { mean: [0], covariance: [[2]] },
    { mean: [3, 4], covariance: full2 },
  ].map(p => right(multivariateNormal.make(p))),
  outside: [],
  unnatural: [
    [1, 0],
    [0, 0, -1, 2, 2, -1],
  ],
  support: {
    _tag: 'Continuous',
    between: mix,
    unitCube: {
      dimension: 2,
      member: right(multivariateNormal.make({ mean: [0.5, -1], covariance: full2 })),
      at: u => {
        const parts = u.map(line)
        return { x: parts.map(p => p.x), logJacobian: parts.reduce((sum, p) => sum + p.logJacobian, 0) }
      },
    },
  },
  fromFixture: ({ loc, covariance }) => multivariateNormal.make({ mean: loc!, covariance: covariance! }),
  secondMoment: p => toRows(multivariateNormal.covariance(p)),
})
