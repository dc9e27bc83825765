import { dirichlet, gammaPoissonPrior, random } from '@conjugate/distributions'
import { identity, type Vector } from '@conjugate/linalg'
import {
  type ComponentTypes,
  type ConjugateMixture,
  conjugateMixture,
  gaussianMixture,
  gibbs,
  type MixtureParameters,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { weightsPriorOf } from '../support/weights.js'

/**
 * A chain over parameters and data: data are drawn given the parameters, then parameters by one turn of the sampler given
 * those. If the sampler is right, the parameters have the distribution of their prior. Gives `numbers` along the chain.
 * Source: Geweke, Getting it right: joint distribution tests of posterior simulators (2004).
 */
const chain = async <T extends ComponentTypes>(
  mixture: ConjugateMixture<T>,
  toSource: (xs: T['observation'][]) => T['data'],
  numbers: (p: MixtureParameters<T['component']>) => ReadonlyArray<number>,
  turns: number,
): Promise<ReadonlyArray<ReadonlyArray<number>>> => {
  const stream = random(11)
  const values: number[][] = []
  let parameters: MixtureParameters<T['component']> = {
    weights: dirichlet.sample(weightsPriorOf(mixture))(stream),
    components: mixture.components.priors.map(q => mixture.components.pair.family.sample(q)(stream)),
  }
  for (let seed = 0; seed < turns; seed++) {
    const xs = Array.from({ length: 4 }, () => {
      const k = stream.uniform() < parameters.weights[0]! ? 0 : 1
      return mixture.components.sample!(parameters.components[k]!)(stream)
    })
    const options = { samples: 1, seed, start: { _tag: 'parameters', parameters }, backend: 'javascript' } as const
    for await (const draw of gibbs<ConjugateMixture<T>>(mixture as never, toSource(xs) as never, options as never))
      parameters = right(draw as never)
    values.push([...numbers(parameters)])
  }
  return values
}

/** The means along the chain are those of the prior, within 5 standard errors from means of 50 parts. */
const expectMeans = (values: ReadonlyArray<ReadonlyArray<number>>, expected: ReadonlyArray<number>) => {
  const parts = 50
  const size = values.length / parts
  for (const [i, e] of expected.entries()) {
    const means = Array.from(
      { length: parts },
      (_, b) => values.slice(b * size, (b + 1) * size).reduce((sum, v) => sum + v[i]!, 0) / size,
    )
    const mean = means.reduce((a, b) => a + b) / parts
    const variance = means.reduce((sum, m) => sum + (m - mean) ** 2, 0) / (parts - 1)
    expect(Math.abs(mean - e), `number ${i}: ${mean}, expected ${e}`).toBeLessThan(5 * Math.sqrt(variance / parts))
  }
}

test('counts and their rates keep the prior', { timeout: 60_000 }, async () => {
  const mixture = right(
    conjugateMixture(gammaPoissonPrior)({ components: 2, concentration: 2, prior: { shape: 3, rate: 1 } }),
  )
  const values = await chain(
    mixture,
    xs => xs,
    ({ weights: [w], components: [a, b] }) => [
      w!,
      w! * w!,
      a!.rate,
      a!.rate ** 2,
      b!.rate,
      a!.rate * b!.rate,
      w! * a!.rate,
    ],
    10_000,
  )
  // E w^2 = 2 * 3 / (4 * 5); E rate^2 = 3 * 4.
  expectMeans(values, [0.5, 0.3, 3, 12, 3, 9, 1.5])
})

test('rows and their means and covariances keep the prior', { timeout: 60_000 }, async () => {
  const prior = { mean: [1, -1], meanPrecision: 0.5, degreesOfFreedom: 9, scale: identity(2) }
  const mixture = right(gaussianMixture({ components: 2, concentration: [1, 3], prior }))
  const values = await chain(
    mixture,
    (xs: Vector[]) => xs,
    ({ weights: [w], components: [a, b] }) => {
      const [xx, xy] = Array.from(a!.covariance.data)
      return [w!, w! * w!, a!.mean[0]!, b!.mean[1]!, xx!, xy!, (a!.mean[0]! - 1) ** 2]
    },
    10_000,
  )
  // E covariance = scale / (9 - 2 - 1), and that of the mean is twice as much.
  expectMeans(values, [0.25, (1 * 2) / (4 * 5), 1, -1, 1 / 6, 0, 1 / 3])
})
