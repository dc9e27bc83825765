import { dirichletMultinomial } from '@conjugate/distributions'
import { toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { type DistributionCase, distributionRow, ofVectors } from '../family-case.js'
import { oneMoved, outcomes } from './multinomial.js'

const COUNT = 9
const family = dirichletMultinomial(COUNT)

export const dirichletMultinomialCase: DistributionCase = distributionRow({
  ...ofVectors,
  family,
  members: [
    [1.3, 2.2, 6.8],
    [4.1, 2.5, 1.7],
    [3.1, 1.4, 6, 2.5],
  ].map(concentration => right(family.make({ concentration }))),
  outside: [
    [COUNT, 1, 0],
    [COUNT + 1, -1, 0],
    [0.5, COUNT - 0.5, 0],
  ],
  support: {
    _tag: 'Discrete',
    values: p => outcomes(p.concentration.length, COUNT),
    neighbours: oneMoved,
  },
  fromFixture: ({ n, alpha }) => dirichletMultinomial(n!).make({ concentration: alpha! }),
  secondMoment: p => toRows(family.covariance(p)),
})
