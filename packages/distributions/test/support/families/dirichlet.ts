import { dirichlet } from '@conjugate/distributions'
import { toRows, type Vector } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type FamilyCase, mix, ofVectors, row } from '../family-case.js'

/** The last probability is determined by the others. */
const free = (x: Vector): number[] => Array.from(x).slice(0, -1)

export const dirichletCase: FamilyCase = row({
  ...ofVectors,
  fixture: 'dirichlet',
  family: dirichlet,
  members: [
    [2, 3, 4.5],
    [3, 1.4, 2],
    [1.5, 7],
    [1.2, 1.1, 3, 9, 1.7],
  ].map(concentration => right(dirichlet.make({ concentration }))),
  coordinates: free,
  meanCoordinates: free,
  varianceCoordinates: free,
  outside: [
    [0.5, 0.6],
    [-0.1, 1.1],
  ],
  unnatural: [[-1, 0, 0]],
  support: {
    _tag: 'Continuous',
    between: mix,
    unitCube: {
      dimension: 2,
      member: right(dirichlet.make({ concentration: [2, 3.5, 4] })),
      at: ([u, v]) => ({ x: [u!, (1 - u!) * v!, (1 - u!) * (1 - v!)], logJacobian: Math.log1p(-u!) }),
    },
  },
  fromFixture: ({ alpha }) => dirichlet.make({ concentration: alpha! }),
  secondMoment: p => toRows(dirichlet.covariance(p)),
})
