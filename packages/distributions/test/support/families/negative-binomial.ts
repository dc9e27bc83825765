import { type NegativeBinomial, negativeBinomial } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { countsUpTo, type FamilyCase, ofNumbers, row } from '../family-case.js'

const family = negativeBinomial(3.5)

export const negativeBinomialCase: FamilyCase = row({
  ...ofNumbers,
  family,
  members: [{ probability: 0.3 }, { probability: 0.6 }, { probability: 0.05 }].map(p => right(family.make(p))),
  outside: [-1, 0.5],
  unnatural: [[0], [1]],
  support: countsUpTo(({ probability }: NegativeBinomial) => Math.ceil(80 / probability)),
  fromFixture: ({ probability }) => family.make({ probability: probability! }),
  secondMoment: p => O.toNullable(family.variance(p)),
})
