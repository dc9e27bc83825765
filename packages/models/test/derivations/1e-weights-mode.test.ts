import { type Dirichlet, dirichlet, dirichletPrior, normalInverseWishartPrior, random } from '@conjugate/distributions'
import { gaussianMixtureParameters, maximize } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { columnSums, kl, type Numbers, type Rows, range, sum } from './plain.js'
import { weightsPart } from './reference.js'
import {
  bound,
  componentOf,
  distributionFixture,
  draws,
  expectClose,
  gathered,
  modelOf,
  niw,
  numbersOf,
  randomCase,
} from './support.js'

/** The posterior whose log density is L2 and a constant. */
const posteriorOf = (alpha: Numbers, q: Rows): Dirichlet =>
  right(dirichletPrior(alpha.length).update(columnSums(q))(right(dirichlet.make({ concentration: alpha }))))

/** N x K probabilities, none for the first component. */
const withoutFirst = (q: Rows): number[][] => q.map(([, ...row]) => [0, ...row.map(v => v / sum(row))])

const cases = () => [2, 3, 5].flatMap(k => range(5).map(seed => randomCase(2, k, 50, seed)))

/** The weights of the M-step. */
const weightsOf = async ({
  model,
  rows,
  q,
}: Pick<ReturnType<typeof randomCase>, 'model' | 'rows' | 'q'>): Promise<number[]> =>
  Array.from(right(maximize(model, await gathered(model, rows, q))).weights)

test('C14: at the mode every a_k / pi_k is N + sum of alpha - K, and the weights sum to one', async () => {
  for (const c of cases()) {
    const counts = columnSums(c.q)
    const weights = await weightsOf(c)
    for (const [k, pi] of weights.entries())
      expectClose((c.alpha[k]! + counts[k]! - 1) / pi, c.n + sum(c.alpha) - c.k, 1e-13)
    expectClose(sum(weights), 1, 1e-15)
  }
  for (const { params, mode } of distributionFixture<{ alpha: Numbers }, Numbers>('dirichlet').cases) {
    const { alpha } = params
    if (mode === null) expect(Math.min(...alpha)).toBeLessThanOrEqual(1)
    else {
      expectClose(
        right(dirichletPrior(alpha.length).jointMode(right(dirichlet.make({ concentration: alpha })))).probabilities,
        mode as number[],
        1e-14,
      )
      expectClose(
        alpha.map(a => (a - 1) / (sum(alpha) - alpha.length)),
        mode as number[],
        1e-14,
      )
    }
  }
})

test('C15: away from its mode L2 loses a_+ KL(mode || pi), on the boundary too', async () => {
  for (const { alpha, q, rows, k, n, model } of cases()) {
    const ones = alpha.map(() => 1)
    const boundary = { alpha: ones, q: withoutFirst(q), rows, model: modelOf(randomCase(2, k, n).hyper, ones) }
    for (const c of [{ alpha, q, rows, model }, boundary]) {
      const best = await weightsOf(c)
      const logProb = dirichlet.logProb(posteriorOf(c.alpha, c.q))
      const total = n + sum(c.alpha) - k
      const draw = draws(random(15, k))
      for (let i = 0; i < 10; i++) {
        const pi = draw.simplex(k)
        const loss = total * kl(best, pi)
        expect(loss).toBeGreaterThanOrEqual(0)
        expectClose(logProb(best) - logProb(pi), loss, 1e-12, Math.abs(logProb(pi)))
        expectClose(weightsPart(c.alpha, c.q, best) - weightsPart(c.alpha, c.q, pi), loss, 1e-12, total)
      }
    }
  }
})

test('C16: a_k = 0 gives weight zero and a finite objective, a_k < 0 has no maximum but that of a bounded density', async () => {
  for (const { rows, q, k, hyper, theta } of cases()) {
    const empty = withoutFirst(q)
    const statistics = await gathered(
      modelOf(
        hyper,
        range(k).map(() => 1),
      ),
      rows,
      empty,
    )
    const ones = range(k).map(() => 1)
    const flat = modelOf(hyper, ones)
    const next = right(maximize(flat, statistics))
    expect(next.weights[0]).toBe(0)
    const mode = componentOf(right(normalInverseWishartPrior.jointMode(niw(hyper))))
    expectClose(numbersOf(componentOf(next.components[0]!)), numbersOf(mode), 1e-15)
    for (const mixture of await bound(flat, rows))
      expect(Number.isFinite(await rightOf(mixture.logJoint(next)))).toBe(true)

    const alpha = ones.map((a, j) => (j === 0 ? 0.5 : a))
    const below = modelOf(hyper, alpha)
    const others = draws(random(16, k)).simplex(k - 1)
    const at = (pi: number) => [pi, ...others.map(v => (1 - pi) * v)]
    const logProb = dirichlet.logProb(posteriorOf(alpha, empty))
    const tiny = [1e-10, 1e-100, 1e-300]
    for (const [i, pi] of tiny.slice(1).entries()) {
      const growth = -0.5 * Math.log(pi / tiny[i]!)
      expect(growth).toBeGreaterThan(100)
      expectClose(logProb(at(pi)) - logProb(at(tiny[i]!)), growth, 1e-8)
      expectClose(weightsPart(alpha, empty, at(pi)) - weightsPart(alpha, empty, at(tiny[i]!)), growth, 1e-8)
    }
    // The M-step takes the maximum of the density that does not rise any more below the smallest normal number.
    const least = 2 ** -1022
    const a = Array.from(posteriorOf(alpha, empty).concentration, c => c - 1)
    const capped = (pi: ReadonlyArray<number>) =>
      pi.reduce((sum, v, j) => sum + (a[j] === 0 ? 0 : a[j]! * Math.log(Math.max(v, least))), 0)
    const found = Array.from(right(maximize(below, statistics)).weights)
    expect(found[0]).toBe(0)
    const stream = random(17, k)
    for (let i = 0; i < 50; i++) {
      const other = draws(stream).simplex(k)
      const shrunk = 10 ** (-300 * stream.uniform())
      const pi = other.map((v, j) => (j === 0 ? v * shrunk : (v * (1 - other[0]! * shrunk)) / (1 - other[0]!)))
      expect(capped(found)).toBeGreaterThanOrEqual(capped(pi) - 1e-9)
    }

    // A whole iteration that leaves a component without rows goes on without it, and does not fall.
    const far = { mean: hyper.mean.map(m => m + 1e8), covariance: theta.components[0]!.covariance }
    const components = theta.components.map((c, j) => (j === 0 ? far : c))
    const start = right(gaussianMixtureParameters(below, { ...theta, components }))
    for (const mixture of await bound(below, rows)) {
      const steps = mixture.iterations(start)
      const first = await steps.next()
      const second = await steps.next()
      if (first.done || second.done) throw new Error('the path ended')
      expect(right(second.value).objective).toBeGreaterThanOrEqual(right(first.value).objective)
    }
  }
  const { rows, hyper } = randomCase(2, 1, 8)
  const single = modelOf(hyper, [0.2])
  for (const responsibility of [1, 0])
    expect(await weightsOf({ model: single, rows, q: rows.map(() => [responsibility]) })).toEqual([1])
})
