import { binomial } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { countsUpTo, type FamilyCase, ofNumbers, row } from '../family-case.js'

const family = binomial(50)

export const binomialCase: FamilyCase = row({
  ...ofNumbers,
  family,
  members: [{ probability: 0.3 }, { probability: 0.55 }, { probability: 0.99 }].map(p => right(family.make(p))),
  outside: [-1, 0.5, 51],
  unnatural: [[Number.NaN]],
  support: countsUpTo(() => 50),
  fromFixture: ({ probability }) => family.make({ probability: probability! }),
  secondMoment: p => O.toNullable(family.variance(p)),
})
