import {
  type GaussianStatistics,
  type InvalidParameter,
  inverseWishart,
  type MultivariateNormal,
  multivariateNormal,
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartPrior,
} from '@conjugate/distributions'
import type { Schema } from '@conjugate/em/schema'
import { add, addOuter, type Matrix, scale, subtract } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type MixtureComponents, mixtureComponents } from '../mixture/components.js'
import { mixtureOfPair } from '../mixture/conjugate.js'
import {
  gaussianStatistics,
  logCholesky,
  ofNormals,
  quadraticForm,
  quadraticRounding,
  type RowTypes,
} from '../mixture/forms/quadratic.js'
import { type ComponentSteps, type Mixture, type MixtureParts, mixtureOf } from '../mixture/mixture.js'
import { type GaussianMixtureOptions, gaussiansOf, wisharts } from './definition.js'

/** A mixture of normals that share one covariance matrix. */
export interface TiedGaussianMixture extends Mixture<TiedTypes> {
  readonly components: MixtureComponents<TiedTypes>
}

/** As those of normals, which have no posteriors by themselves. */
type TiedTypes = RowTypes<never, MultivariateNormal, GaussianStatistics>

/**
 * The joint mode of K means and the covariance that they share, where mu_k | Sigma ~ N(m, Sigma/kappa) and
 * Sigma ~ IW(nu, Psi): each mean at m_k = m + N_k/(kappa + N_k) (xbar_k - m), and
 * Sigma = (Psi + sum_k S_k + kappa N_k/(kappa + N_k) (xbar_k - m)(xbar_k - m)') / (nu + N + D + 1 + K): the exponent of |Sigma|
 * is -1/2 times nu + D + 1 of the inverse Wishart, N of the rows and K of the means.
 */
const maximize =
  (q: NormalInverseWishart) =>
  (statistics: ReadonlyArray<GaussianStatistics>): E.Either<InvalidParameter, ReadonlyArray<MultivariateNormal>> => {
    const d = q.mean.length
    let spread: Matrix = q.covariance.scale
    let total = 0
    const means = statistics.map(s => {
      const shift = subtract(q.mean)(s.mean)
      const share = s.weight / (q.meanPrecision + s.weight)
      spread = addOuter(q.meanPrecision * share, shift)(add(s.scatter)(spread))
      total += s.weight
      return shift.map((v, i) => q.mean[i]! + share * v)
    })
    const divisor = q.covariance.degreesOfFreedom + total + d + 1 + statistics.length
    return pipe(
      multivariateNormal.make({ mean: q.mean, covariance: scale(1 / divisor)(spread) }),
      E.map(shared => means.map(mean => ({ ...shared, mean }))),
    )
  }

/** Exactly one, since M-steps give all components the same. */
const haveOneCovariance: Schema = value => {
  const [first, ...others] = value as ReadonlyArray<MultivariateNormal>
  const at = others.findIndex(({ covariance }) => {
    const { data } = covariance
    return !Array.from(first!.covariance.data).every((v, i) => v === data[i])
  })
  return at < 0
    ? undefined
    : { path: `[${at + 1}].covariance`, expected: 'the covariance that all components share', received: 'another' }
}

const stepsOf = (q: NormalInverseWishart): ComponentSteps<TiedTypes> => ({
  densities: ofNormals,
  // Sums are those of densities of the same form.
  statistics: gaussianStatistics as ComponentSteps<TiedTypes>['statistics'],
  maximize: maximize(q),
  logPrior: components => {
    const ofCovariance = inverseWishart.logProb(q.covariance)
    const shared = components[0]!
    const ofMean = multivariateNormal.logProb({
      mean: q.mean,
      covariance: scale(1 / q.meanPrecision)(shared.covariance),
      cholesky: scale(1 / Math.sqrt(q.meanPrecision))(shared.cholesky),
    })
    return components.reduce((sum, c) => sum + ofMean(c.mean), ofCovariance(shared.covariance))
  },
  rounding: (components, counts, spacing) => quadraticRounding(ofNormals(components), counts, spacing),
  coordinates: {
    toVector: components =>
      Float64Array.from([
        ...components.slice(1).flatMap(c => Array.from(c.mean)),
        ...Array.from(logCholesky.toVector(components[0]!)),
      ]),
    fromVector: vector => {
      const d = q.mean.length
      const others = (vector.length - d - (d * (d + 1)) / 2) / d
      return pipe(
        logCholesky.fromVector(vector.subarray(others * d)),
        E.map(first => [
          first,
          ...Array.from({ length: others }, (_, k) => ({ ...first, mean: vector.slice(k * d, (k + 1) * d) })),
        ]),
      )
    },
  },
})

/**
 * Defines a mixture of Gaussians that share one covariance, with the options of `gaussianMixture`. Since components share it,
 * none of them can be fixed alone. Errors: there are fewer components than 1, or a prior does not exist.
 */
export const tiedGaussianMixture: (options: GaussianMixtureOptions) => E.Either<InvalidParameter, TiedGaussianMixture> =
  gaussiansOf('TiedGaussianMixture', wisharts, (priors, weightsPrior, noise) => {
    const apart = mixtureOfPair(normalInverseWishartPrior, quadraticForm, priors, weightsPrior, noise)
    const { parts } = apart.components
    const [prior] = priors as readonly [NormalInverseWishart]
    const d = prior.mean.length
    const shared: MixtureParts<TiedTypes> = {
      ...parts,
      name: `mixture of ${priors.length} with a shared covariance (${normalInverseWishart.name} prior)`,
      definition: { prior, components: priors.length, noise: noise ?? null },
      steps: stepsOf(prior),
      designMatrix: (source, centring) =>
        pipe(
          parts.designMatrix(source, centring),
          // Of a prior nothing but its mean moves along with the rows.
          E.map(design => {
            const { mean } = design.toCentred(design.componentAt!(prior.mean))
            return { ...design, steps: stepsOf({ ...prior, mean }) }
          }),
        ),
      together: haveOneCovariance,
      joint: true,
      freeParameters: priors.length * d + (d * (d + 1)) / 2,
    }
    return mixtureOf(mixtureComponents(shared), apart.labels)
  })
