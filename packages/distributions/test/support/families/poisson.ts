import { type Poisson, poisson } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { countsUpTo, type FamilyCase, ofNumbers, row } from '../family-case.js'

export const poissonCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'poisson',
  family: poisson,
  members: [{ rate: 2.5 }, { rate: 0.3 }, { rate: 30 }, { rate: 700.5 }].map(p => right(poisson.make(p))),
  outside: [-1, 0.5, Number.POSITIVE_INFINITY],
  unnatural: [[1000], [Number.NaN]],
  support: countsUpTo(({ rate }: Poisson) => Math.ceil(rate + 30 * Math.sqrt(rate) + 40)),
  fromFixture: ({ rate }) => poisson.make({ rate: rate! }),
  secondMoment: p => O.toNullable(poisson.variance(p)),
})
