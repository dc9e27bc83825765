import { type Normal, normalInverseGamma } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type FamilyCase, halfLine, line, mixNumbers, row } from '../family-case.js'

const coordinates = (x: Normal): number[] => [x.mean, x.variance]

const toFixture = (x: Normal) => ({ mu: x.mean, s2: x.variance })

export const normalInverseGammaCase: FamilyCase = row({
  fixture: 'normal_inverse_gamma',
  family: normalInverseGamma,
  members: [
    { mean: 1, meanPrecision: 1.7, shape: 6, scale: 3 },
    { mean: 0.5, meanPrecision: 0.6, shape: 7, scale: 2 },
  ].map(p => right(normalInverseGamma.make(p))),
  coordinates,
  meanCoordinates: coordinates,
  varianceCoordinates: coordinates,
  outside: [
    { mean: 0, variance: 0 },
    { mean: 0, variance: -1 },
  ],
  unnatural: [
    [0, -1, 0, -3],
    [0, 0, -1, -3],
    [0, -1, -1, -1.5],
  ],
  support: {
    _tag: 'Continuous',
    between: (a, b, t) => ({
      mean: mixNumbers(a.mean, b.mean, t),
      variance: mixNumbers(a.variance, b.variance, t),
    }),
    unitCube: {
      dimension: 2,
      member: right(normalInverseGamma.make({ mean: 1, meanPrecision: 2, shape: 2.5, scale: 1.5 })),
      at: ([u, v]) => {
        const [mean, variance] = [line(u!), halfLine(v!)]
        return {
          x: { mean: mean.x, variance: variance.x },
          logJacobian: mean.logJacobian + variance.logJacobian,
        }
      },
    },
  },
  fromFixture: ({ mu0, kappa0, a, b }) =>
    normalInverseGamma.make({ mean: mu0!, meanPrecision: kappa0!, shape: a!, scale: b! }),
  valueFromFixture: ({ mu, s2 }: { mu: number; s2: number }) => ({ mean: mu, variance: s2 }),
  secondMoment: p => pipe(normalInverseGamma.variance(p), O.map(toFixture), O.toNullable),
  toFixture,
  meanToFixture: toFixture,
})
