import { beta } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { type FamilyCase, mixNumbers, ofNumbers, row } from '../family-case.js'

export const betaCase: FamilyCase = row({
  ...ofNumbers,
  fixture: 'beta',
  family: beta,
  members: [
    { a: 2, b: 5 },
    { a: 3.5, b: 1.4 },
    { a: 20, b: 40 },
  ].map(p => right(beta.make(p))),
  outside: [-0.1, 1.1, Number.NaN],
  unnatural: [
    [-1, 0],
    [0, -1],
  ],
  support: {
    _tag: 'Continuous',
    between: mixNumbers,
    unitCube: { dimension: 1, member: right(beta.make({ a: 1.5, b: 3 })), at: ([u]) => ({ x: u!, logJacobian: 0 }) },
  },
  fromFixture: ({ a, b }) => beta.make({ a: a!, b: b! }),
  secondMoment: p => O.toNullable(beta.variance(p)),
})
