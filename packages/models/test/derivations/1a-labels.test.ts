import type { QuadraticDensities } from '@conjugate/executors'
import { invertLower, logDeterminant, toRows } from '@conjugate/linalg'
import { type GaussianMixtureParameters, gaussianMixtureParameters } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { sum } from './plain.js'
import { LOG_2PI, logits, logNormal } from './reference.js'
import { bound, executors, expectClose, matrixOf, randomCase } from './support.js'

/** The densities that an E-step hands to an executor, with a number added to each logit. */
const densitiesOf = ({ weights, components }: GaussianMixtureParameters, added: number): QuadraticDensities => {
  const columns = components[0]!.mean.length
  const constants = components.map(
    (c, k) => Math.log(weights[k]!) - 0.5 * (columns * LOG_2PI + logDeterminant(c.cholesky)),
  )
  return {
    _tag: 'Quadratic',
    components: components.length,
    columns,
    mean: Float64Array.from(components.flatMap(c => Array.from(c.mean))),
    whitening: Float64Array.from(components.flatMap(c => Array.from(invertLower(c.cholesky).data))),
    logConstant: Float64Array.from(constants, v => v + added),
  }
}

test('C2: responsibilities are the normalised weighted densities, nonnegative, and their rows sum to one', async () => {
  for (const d of [1, 2, 3, 4]) {
    const { theta, rows, model, parameters } = randomCase(d, 3, 200)
    const densities = theta.components.map(logNormal)
    const weighted = rows.map(x => densities.map((f, k) => theta.weights[k]! * Math.exp(f(x))))
    for (const mixture of await bound(model, rows)) {
      const omega = toRows(await rightOf(mixture.responsibilities(parameters)))
      // Where a density has underflowed, the ratio cannot be computed directly.
      const direct = omega.map((_, n) => n).filter(n => Math.min(...weighted[n]!) > 1e-290)
      expect(direct.length).toBeGreaterThan(rows.length / 2)
      for (const n of direct)
        expectClose(
          omega[n]!,
          weighted[n]!.map(v => v / sum(weighted[n]!)),
          1e-12,
        )
      for (const row of omega) {
        expect(Math.min(...row)).toBeGreaterThanOrEqual(0)
        expectClose(sum(row), 1, 5e-15)
      }
    }
  }
})

test('C3: a shift of the logits changes nothing, nothing underflows, and weight zero gets exactly zero', async () => {
  for (const d of [1, 2, 3, 4]) {
    const { theta, rows, model, parameters } = randomCase(d, 3, 200)
    const mixtures = await bound(model, rows)
    for (const [i, executor] of (await executors()).entries()) {
      const loaded = await rightOf(executor.load(matrixOf(rows)))
      const shifted = async (added: number) =>
        (await rightOf(loaded.responsibilities(densitiesOf(parameters, added)))).data
      const plain = await shifted(0)
      expectClose(plain, (await rightOf(mixtures[i]!.responsibilities(parameters))).data, 1e-12)
      for (const added of [-1000, 1000]) expectClose(await shifted(added), plain, 1e-11)
    }

    const far = theta.components[0]!.mean.map((m, i) => m + 1e6 * Math.sqrt(theta.components[0]!.covariance[i]![i]!))
    for (const f of theta.components.map(logNormal)) expect(Math.exp(f(far))).toBe(0)
    for (const mixture of await bound(model, [far])) {
      const row = Array.from((await rightOf(mixture.responsibilities(parameters))).data)
      expectClose(sum(row), 1, 1e-15)
      const l = logits(theta, [far])[0]!
      expectClose(
        row,
        l.map(v => (v === Math.max(...l) ? 1 : 0)),
        1e-15,
      )
    }

    const withoutThird = right(gaussianMixtureParameters(model, { ...theta, weights: [0.4, 0.6, 0] }))
    for (const mixture of mixtures) {
      const omega = toRows(await rightOf(mixture.responsibilities(withoutThird)))
      for (const row of omega) expect(row[2]).toBe(0)
      for (const row of omega) expectClose(sum(row), 1, 5e-15)
    }
  }
})
