import { diagonalNormal } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { type FamilyCase, line, mix, ofVectors, row } from '../family-case.js'

export const diagonalNormalCase: FamilyCase = row({
  ...ofVectors,
  family: diagonalNormal,
  members: [
    { mean: [1], variances: [2] },
    { mean: [-0.5], variances: [0.7] },
    { mean: [1, -2, 0.5], variances: [2, 0.3, 1] },
    { mean: [0, 1, 1], variances: [0.5, 0.6, 4] },
  ].map(p => right(diagonalNormal.make(p))),
  outside: [],
  unnatural: [
    [1, 0],
    [1, 0.5],
    [1, -0.5, 1, 0.5],
  ],
  support: {
    _tag: 'Continuous',
    between: mix,
    unitCube: {
      dimension: 2,
      member: right(diagonalNormal.make({ mean: [1, 0], variances: [3, 2] })),
      at: u => {
        const [a, b] = [line(u[0]!), line(u[1]!)]
        return { x: [a.x, b.x], logJacobian: a.logJacobian + b.logJacobian }
      },
    },
  },
  fromFixture: () => diagonalNormal.make({ mean: [], variances: [] }),
  secondMoment: () => null,
})
