import { wishart } from '@conjugate/distributions'
import { identity, toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  type FamilyCase,
  full2,
  full3,
  matrixOf,
  mixMatrix,
  ofMatrices,
  positiveDefinite,
  row,
} from '../family-case.js'

export const wishartCase: FamilyCase = row({
  ...ofMatrices,
  fixture: 'wishart',
  family: wishart,
  members: [
    { degreesOfFreedom: 7, scale: full3 },
    { degreesOfFreedom: 8.5, scale: identity(3) },
    { degreesOfFreedom: 5.5, scale: [[3]] },
    { degreesOfFreedom: 6, scale: full2 },
  ].map(p => right(wishart.make(p))),
  outside: [matrixOf([[-1]]), matrixOf([[0]])],
  unnatural: [
    [-1, -1],
    [1, 0],
    [1, -1, 2, 2, -1],
  ],
  support: {
    _tag: 'Continuous',
    between: mixMatrix,
    unitCube: {
      dimension: 3,
      member: right(
        wishart.make({
          degreesOfFreedom: 6,
          scale: [
            [1, 0.2],
            [0.2, 0.7],
          ],
        }),
      ),
      at: positiveDefinite,
    },
  },
  fromFixture: ({ df, scale_matrix }) => wishart.make({ degreesOfFreedom: df!, scale: scale_matrix! }),
  secondMoment: p => pipe(wishart.variance(p), O.map(toRows), O.toNullable),
})
