import { bernoulli } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { countsUpTo, type FamilyCase, ofNumbers, row } from '../family-case.js'

export const bernoulliCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'bernoulli',
  family: bernoulli,
  members: [{ probability: 0.3 }, { probability: 0.85 }].map(p => right(bernoulli.make(p))),
  outside: [-1, 2, 0.5],
  unnatural: [[Number.NaN]],
  support: countsUpTo(() => 1),
  fromFixture: ({ p }) => bernoulli.make({ probability: p! }),
  secondMoment: p => O.toNullable(bernoulli.variance(p)),
})
