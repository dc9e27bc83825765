import { dirichlet, normalInverseWishart, random } from '@conjugate/distributions'
import { run } from '@conjugate/em'
import { toRows } from '@conjugate/linalg'
import {
  fit,
  type GaussianMixture,
  type GaussianMixtureParameters,
  gaussianMixtureParameters,
  initialParameters,
  type TypesOf,
} from '@conjugate/models'
import { fixtureNames, readFixture, right, rightOf } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { weightsPriorOf } from '../support/weights.js'
import { column, kl, type Numbers, type Rows, range, sum } from './plain.js'
import { enumerate, lossFromMode, posterior } from './reference.js'
import {
  bound,
  componentOf,
  draws,
  expectClose,
  hyperOfFixture,
  matrixOf,
  modelOf,
  type NiwParams,
  smallCases,
} from './support.js'

interface Fixture {
  readonly data: { readonly kind: 'inline' | 'image'; readonly x: Rows }
  readonly hypers: NiwParams & { readonly n_iter: number; readonly alpha: Numbers }
  readonly init: { readonly mus: Rows }
  readonly expected: {
    readonly log_prob: Numbers
    readonly mus: Rows
    readonly Sigmas: ReadonlyArray<Rows>
    readonly pi: Numbers
    readonly final_log_prob_parts: Readonly<Record<'log_likelihood' | 'log_dirichlet' | 'log_niw', number>>
  }
  readonly provenance: {
    readonly float64_reference_deviation: Readonly<Record<'log_prob_max_rel' | 'mus' | 'Sigmas' | 'pi', number>>
  }
}

/** The fixtures that hold their rows; those of photos take all executors through test/fixtures.test.ts. */
const inlineFixtures = () =>
  fixtureNames()
    .map(name => readFixture<Fixture>(name))
    .filter(f => f.data.kind === 'inline')
    .map(f => {
      const { log_prob_max_rel: trace, mus, Sigmas, pi } = f.provenance.float64_reference_deviation
      return {
        ...f,
        model: modelOf(hyperOfFixture(f.hypers), f.hypers.alpha),
        scale: Math.max(...f.expected.log_prob.map(Math.abs)),
        tolerance: Math.max(1e-12, 100 * trace),
        parametersAreExact: Math.max(mus, Sigmas, pi) < 1e-11,
      }
    })

const posteriorRows = async (
  mixture: TypesOf<GaussianMixture>['onRows'],
  p: GaussianMixtureParameters,
): Promise<Rows> => toRows(await rightOf(mixture.responsibilities(p)))

test("C17: log p(X, theta) is the log of the sum over all labellings, and its parts are the fixtures'", async () => {
  for (const { hyper, alpha, theta, rows, q, model, parameters } of smallCases()) {
    const { logEvidence } = enumerate(hyper, alpha, theta, rows, q)
    for (const mixture of await bound(model, rows))
      expectClose(await rightOf(mixture.logJoint(parameters)), logEvidence, 1e-12)
  }
  for (const { data, expected, model, scale, tolerance, parametersAreExact } of inlineFixtures()) {
    // At the reference's parameters, which are rounded: nothing is told where that alone moves the objective.
    if (!parametersAreExact) continue
    const components = expected.mus.map((mean, k) => ({ mean, covariance: expected.Sigmas[k]! }))
    const parameters = right(gaussianMixtureParameters(model, { weights: expected.pi, components }))
    const parts = expected.final_log_prob_parts
    const logNiw = normalInverseWishart.logProb(model.components.priors[0]!)
    const close = (actual: number, reference: number) => expectClose(actual / scale, reference / scale, tolerance)
    close(dirichlet.logProb(weightsPriorOf(model))(parameters.weights), parts.log_dirichlet)
    close(sum(parameters.components.map(logNiw)), parts.log_niw)
    for (const mixture of await bound(model, data.x)) {
      close((await rightOf(mixture.expect(parameters))).logLikelihood, parts.log_likelihood)
      close(await rightOf(mixture.logJoint(parameters)), sum(Object.values(parts)))
    }
  }
})

test('C18: log p(X, theta) less F(q, theta) is the sum of KL(q_n || omega_n), zero at the posterior', async () => {
  for (const { hyper, alpha, theta, rows, q, model, parameters } of smallCases())
    for (const mixture of await bound(model, rows)) {
      const logJoint = await rightOf(mixture.logJoint(parameters))
      const omega = await posteriorRows(mixture, parameters)
      for (const any of [q, omega]) {
        const { expectedLogJoint, entropy } = enumerate(hyper, alpha, theta, rows, any)
        const divergence = any === omega ? 0 : sum(any.map((row, n) => kl(row, omega[n]!)))
        expect(divergence).toBeGreaterThanOrEqual(0)
        expectClose(logJoint - (expectedLogJoint + entropy), divergence, 1e-12, Math.abs(logJoint))
      }
    }
})

/** K clusters of rows, some of them overlapping, and weights below, at and above one. */
const clusters = (d: number, k: number, n: number) => {
  const draw = draws(random(19, d))
  const centres = range(k).map(() => draw.vector(d, 2))
  const rows = range(n).map(i => draw.vector(d).map((v, j) => v + centres[i % k]![j]!))
  return { rows, hyper: draw.hyper(d), alpha: range(k).map(j => [0.8, 1, 2.5][j % 3]!) }
}

test('C19: every iteration gains exactly the four parts, of which none is negative', async () => {
  for (const d of [1, 2, 3, 4]) {
    const { rows, hyper, alpha } = clusters(d, 3, 150)
    const model = modelOf(hyper, alpha)
    const start = await rightOf(initialParameters(model, matrixOf(rows), { _tag: 'distinct-rows' }, random(0)))
    for (const mixture of await bound(model, rows)) {
      const path: Array<{ readonly parameters: GaussianMixtureParameters; readonly objective: number }> = []
      await rightOf(
        run<GaussianMixtureParameters, unknown>({ iterations: 15, onIteration: i => path.push(i) })(
          mixture.iterations(start),
        ),
      )
      for (const [i, after] of path.slice(1).entries()) {
        const before = path[i]!
        const omega = await posteriorRows(mixture, before.parameters)
        const next = await posteriorRows(mixture, after.parameters)
        const losses = before.parameters.components.map((c, k) =>
          lossFromMode(posterior(hyper, rows, column(omega, k)), componentOf(c)),
        )
        const total = rows.length + sum(alpha) - alpha.length
        const parts = [
          ...losses.flatMap(l => l.terms),
          total * kl(Array.from(after.parameters.weights), Array.from(before.parameters.weights)),
          sum(omega.map((row, n) => kl(row, next[n]!))),
        ]
        const size = Math.abs(before.objective)
        expect(Math.min(...parts)).toBeGreaterThanOrEqual(-1e-13 * size)
        expectClose(after.objective - before.objective, sum(parts), 1e-12, size)
      }
    }
  }
})

test('C20: a fit records n + 1 values, those of the fixtures, none falls, and order does not matter', async () => {
  for (const { data, hypers, init, expected, scale, tolerance } of inlineFixtures()) {
    const objectives = async (rows: Rows, order: Numbers, iterations: number) => {
      const permuted = modelOf(
        hyperOfFixture(hypers),
        order.map(k => hypers.alpha[k]!),
      )
      const weights = order.map(k => hypers.alpha[k]! / sum(hypers.alpha))
      const components = order.map(k => ({ mean: init.mus[k]!, covariance: hypers.Sigma0 }))
      const parameters = right(gaussianMixtureParameters(permuted, { weights, components }))
      const start = { _tag: 'parameters', parameters } as const
      return (await rightOf(fit(permuted, matrixOf(rows), { iterations, start, backend: 'wasm' }))).objectives
    }
    const identity = hypers.alpha.map((_, k) => k)
    const values = await objectives(data.x, identity, hypers.n_iter)
    expect(values.length).toBe(hypers.n_iter + 1)
    expectClose(
      values.map(v => v / scale),
      expected.log_prob.map(v => v / scale),
      tolerance,
    )
    for (const [i, v] of values.slice(1).entries()) expect((v - values[i]!) / scale).toBeGreaterThanOrEqual(-1e-11)

    if (data.x.length > 600) continue
    const some = Math.min(40, hypers.n_iter)
    const rolled = [...identity.slice(1), 0]
    const backwards = [...data.x].reverse()
    for (const same of [await objectives(data.x, rolled, some), await objectives(backwards, identity, some)])
      expectClose(
        same.map(v => v / scale),
        values.slice(0, some + 1).map(v => v / scale),
        Math.max(1e-11, tolerance),
      )
  }
})
