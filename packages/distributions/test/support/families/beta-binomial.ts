import { betaBinomial } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { countsUpTo, type DistributionCase, distributionRow, ofNumbers } from '../family-case.js'

const COUNT = 20
const family = betaBinomial(COUNT)

export const betaBinomialCase: DistributionCase = distributionRow({
  ...ofNumbers,
  family,
  members: [
    { a: 2.5, b: 4 },
    { a: 0.7, b: 3 },
    { a: 300, b: 100 },
  ].map(p => right(family.make(p))),
  outside: [-1, 0.5, COUNT + 1],
  support: countsUpTo(() => COUNT),
  fromFixture: ({ n, a, b }) => betaBinomial(n!).make({ a: a!, b: b! }),
  secondMoment: p => O.toNullable(family.variance(p)),
})
