import { isotropicNormal } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { type FamilyCase, line, mix, ofVectors, row } from '../family-case.js'

export const isotropicNormalCase: FamilyCase = row({
  ...ofVectors,
  family: isotropicNormal,
  members: [
    { mean: [1], variance: 2 },
    { mean: [-0.5], variance: 0.7 },
    { mean: [1, -2, 0.5], variance: 2 },
    { mean: [0, 1, 1], variance: 0.5 },
  ].map(p => right(isotropicNormal.make(p))),
  outside: [],
  unnatural: [
    [1, 0],
    [1, 2, 0.5],
  ],
  support: {
    _tag: 'Continuous',
    between: mix,
    unitCube: {
      dimension: 2,
      member: right(isotropicNormal.make({ mean: [1, 0], variance: 3 })),
      at: u => {
        const [a, b] = [line(u[0]!), line(u[1]!)]
        return { x: [a.x, b.x], logJacobian: a.logJacobian + b.logJacobian }
      },
    },
  },
  fromFixture: () => isotropicNormal.make({ mean: [], variance: 1 }),
  secondMoment: () => null,
})
