import { inverseWishart } from '@conjugate/distributions'
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

export const inverseWishartCase: FamilyCase = row({
  ...ofMatrices,
  fixture: 'inverse_wishart',
  family: inverseWishart,
  members: [
    { degreesOfFreedom: 13, scale: full3 },
    { degreesOfFreedom: 11, scale: identity(3) },
    { degreesOfFreedom: 9.5, scale: [[3]] },
    { degreesOfFreedom: 11, scale: full2 },
  ].map(p => right(inverseWishart.make(p))),
  outside: [matrixOf([[-1]]), matrixOf([[0]])],
  unnatural: [
    [-1, -1],
    [-3, 0],
  ],
  support: {
    _tag: 'Continuous',
    between: mixMatrix,
    unitCube: {
      dimension: 3,
      member: right(
        inverseWishart.make({
          degreesOfFreedom: 9,
          scale: [
            [3, 1],
            [1, 4],
          ],
        }),
      ),
      at: positiveDefinite,
    },
  },
  fromFixture: ({ df, scale_matrix }) => inverseWishart.make({ degreesOfFreedom: df!, scale: scale_matrix! }),
  secondMoment: p => pipe(inverseWishart.variance(p), O.map(toRows), O.toNullable),
})
