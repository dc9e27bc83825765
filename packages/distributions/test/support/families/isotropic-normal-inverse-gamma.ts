import { type IsotropicNormal, isotropicNormalInverseGamma } from '@conjugate/distributions'
import { right } from '@conjugate/testing'
import { type FamilyCase, halfLine, line, mix, mixNumbers, row } from '../family-case.js'

const coordinates = (x: IsotropicNormal): number[] => [...Array.from(x.mean), x.variance]

export const isotropicNormalInverseGammaCase: FamilyCase = row({
  family: isotropicNormalInverseGamma,
  members: [
    { mean: [1], meanPrecision: 1.7, shape: 6, scale: 3 },
    { mean: [0.5], meanPrecision: 0.6, shape: 7, scale: 2 },
    { mean: [1, -2, 0.5], meanPrecision: 1.7, shape: 6, scale: 3 },
    { mean: [0, 1, 0.2], meanPrecision: 0.6, shape: 7, scale: 2 },
  ].map(p => right(isotropicNormalInverseGamma.make(p))),
  coordinates,
  meanCoordinates: coordinates,
  varianceCoordinates: coordinates,
  outside: [
    { mean: [0], variance: 0 },
    { mean: [0], variance: -1 },
  ],
  unnatural: [
    [0, -1, 0, -3],
    [0, 0, -1, -3],
    [0, 0, -1, -1, -1.9],
  ],
  support: {
    _tag: 'Continuous',
    between: (a, b, t) => ({ mean: mix(a.mean, b.mean, t), variance: mixNumbers(a.variance, b.variance, t) }),
    unitCube: {
      dimension: 2,
      member: right(isotropicNormalInverseGamma.make({ mean: [1], meanPrecision: 2, shape: 2.5, scale: 1.5 })),
      at: ([u, v]) => {
        const [mean, variance] = [line(u!), halfLine(v!)]
        return {
          x: { mean: [mean.x], variance: variance.x },
          logJacobian: mean.logJacobian + variance.logJacobian,
        }
      },
    },
  },
  fromFixture: () => isotropicNormalInverseGamma.make({ mean: [], meanPrecision: 1, shape: 1, scale: 1 }),
  valueFromFixture: (x: IsotropicNormal) => x,
  secondMoment: () => null,
  toFixture: x => x,
  meanToFixture: x => x,
})
