import { type Geometric, geometric } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { countsUpTo, type FamilyCase, ofNumbers, row } from '../family-case.js'

export const geometricCase: FamilyCase = row({
  ...ofNumbers,
  family: geometric,
  members: [{ probability: 0.3 }, { probability: 0.9 }, { probability: 0.05 }].map(p => right(geometric.make(p))),
  outside: [-1, 0.5],
  unnatural: [[0], [1]],
  support: countsUpTo(({ probability }: Geometric) => Math.ceil(40 / probability)),
  fromFixture: ({ probability }) => geometric.make({ probability: probability! }),
  secondMoment: p => O.toNullable(geometric.variance(p)),
})
