import { type MultivariateNormal, multivariateNormal, normalInverseWishart } from '@conjugate/distributions'
import { identity, toRows } from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import {
  type FamilyCase,
  full2,
  full3,
  halfLine,
  line,
  mix,
  mixMatrix,
  ofMatrices,
  ofVectors,
  row,
} from '../family-case.js'

const coordinates = (x: Pick<MultivariateNormal, 'mean' | 'covariance'>): number[] => [
  ...ofVectors.coordinates(x.mean),
  ...ofMatrices.coordinates(x.covariance),
]

const toFixture = (x: MultivariateNormal) => ({ mu: Array.from(x.mean), Sigma: toRows(x.covariance) })

export const normalInverseWishartCase: FamilyCase = row({
  fixture: 'normal_inverse_wishart',
  family: normalInverseWishart,
  members: [
    { mean: [1, -2, 0.5], meanPrecision: 1.7, degreesOfFreedom: 14, scale: full3 },
    { mean: [0, 0.1, 1], meanPrecision: 0.6, degreesOfFreedom: 15, scale: identity(3) },
    { mean: [0.2], meanPrecision: 0.4, degreesOfFreedom: 11, scale: [[2]] },
    { mean: [3, 4], meanPrecision: 2, degreesOfFreedom: 12, scale: full2 },
  ].map(p => right(normalInverseWishart.make(p))),
  coordinates,
  meanCoordinates: coordinates,
  varianceCoordinates: coordinates,
  outside: [],
  unnatural: [
    [0, -1, 0, -3],
    [0, 0, -1, -3],
    [0, -1, -1, -1.5],
  ],
  support: {
    _tag: 'Continuous',
    between: (a, b, t) =>
      right(
        multivariateNormal.make({
          mean: Array.from(mix(a.mean, b.mean, t)),
          covariance: mixMatrix(a.covariance, b.covariance, t),
        }),
      ),
    unitCube: {
      dimension: 2,
      member: right(normalInverseWishart.make({ mean: [1], meanPrecision: 2, degreesOfFreedom: 5, scale: [[3]] })),
      at: ([u, v]) => {
        const [mu, sigma] = [line(u!), halfLine(v!)]
        return {
          x: right(multivariateNormal.make({ mean: [mu.x], covariance: [[sigma.x]] })),
          logJacobian: mu.logJacobian + sigma.logJacobian,
        }
      },
    },
  },
  fromFixture: ({ mu0, kappa0, nu0, Sigma0 }) =>
    normalInverseWishart.make({ mean: mu0!, meanPrecision: kappa0!, degreesOfFreedom: nu0!, scale: Sigma0! }),
  valueFromFixture: (x: { mu: number[]; Sigma: number[][] }) =>
    right(multivariateNormal.make({ mean: x.mu, covariance: x.Sigma })),
  secondMoment: p => {
    const expected = normalInverseWishart.mean(p)
    const variance = normalInverseWishart.variance(p)
    if (expected._tag === 'None' || variance._tag === 'None') return null
    const mu = toRows(expected.value.covariance).map(entries => entries.map(v => v / p.meanPrecision))
    return { mu, Sigma: toRows(variance.value.covariance) }
  },
  toFixture,
  meanToFixture: toFixture,
})
