import {
  fromDeviations,
  type GaussianStatistics,
  multivariateNormal,
  type NormalInverseWishart,
  normalInverseWishart,
  normalInverseWishartPrior,
  random,
  toNatural,
} from '@conjugate/distributions'
import { right, rightOf } from '@conjugate/testing'
import { expect, test } from 'vitest'
import { column, combine, eigen, inner, minus, type Numbers, type Rows, range, square, sum } from './plain.js'
import { type Hyper, LOG_2PI, logNiw, logNormal, logNormaliser, posterior } from './reference.js'
import {
  bound,
  distributionFixture,
  draws,
  expectClose,
  gathered,
  hyperOf,
  hyperOfFixture,
  matrixOf,
  modelOf,
  type NiwParams,
  niw,
  normal,
  numbersOf,
  randomCase,
} from './support.js'

/** One component's rows, with weights between 0 and 1. */
const weighted = (d: number, seed: number) => {
  const draw = draws(random(40 + d, seed))
  const rows = draw.rows(30, d)
  return { d, rows, w: rows.map(() => draw.uniform()), hyper: draw.hyper(d), draw }
}
const cases = () => [1, 2, 3, 4].flatMap(d => [0, 1, 2].map(seed => weighted(d, seed)))

/** Statistics of one component, as the M-step gets them. */
const gather = async (rows: Rows, w: Numbers): Promise<GaussianStatistics> => {
  const { components } = await gathered(
    modelOf(draws(random(0)).hyper(rows[0]!.length), [1]),
    rows,
    w.map(v => [v]),
  )
  return components[0]!
}
const update = (s: GaussianStatistics, q: NormalInverseWishart) => right(normalInverseWishartPrior.update(s)(q))
const numbers = (q: NormalInverseWishart) => numbersOf(hyperOf(q))

test('C8: natural parameters add, updates commute and merge, and weight w is w copies', async () => {
  for (const { d, rows, w, hyper, draw } of cases()) {
    const prior = niw(hyper)
    const after = update(await gather(rows, w), prior)
    const added = [
      ...range(d).map(i => inner(w, column(rows, i))),
      ...combine(...rows.map((x, n) => [-0.5 * w[n]!, square(x)] as const)).flat(),
      -0.5 * sum(w),
      -0.5 * sum(w),
    ]
    const natural = toNatural<NormalInverseWishart>(
      Array.from(normalInverseWishart.natural(prior), (v, i) => v + added[i]!),
    )
    expectClose(normalInverseWishart.natural(after), natural, 1e-12)
    expectClose(numbersOf(hyperOf(right(normalInverseWishart.fromNatural(natural)))), numbers(after), 1e-11)

    const [first, second] = [await gather(rows.slice(0, 10), w.slice(0, 10)), await gather(rows.slice(10), w.slice(10))]
    expectClose(numbers(update(second, update(first, prior))), numbers(after), 1e-12)
    expectClose(numbers(update(first, update(second, prior))), numbers(after), 1e-12)
    const { concat, empty } = normalInverseWishartPrior.monoid(prior)
    const oneByOne = rows.map((x, n) => normalInverseWishartPrior.observe(prior)(x, w[n]!))
    for (const merged of [concat(first, second), concat(second, first), oneByOne.reduce(concat, empty)])
      expectClose(numbers(update(merged, prior)), numbers(after), 1e-12)

    const counts = rows.map(() => draw.integer(4))
    const copies = rows.flatMap((x, n) => range(counts[n]!).map(() => x))
    const copied = await gather(
      copies,
      copies.map(() => 1),
    )
    expectClose(numbers(update(await gather(rows, counts), prior)), numbers(update(copied, prior)), 1e-12)
  }
  // The same of an E-step, whose likelihood counts them too.
  const { rows, model, parameters, n } = randomCase(2, 3, 50)
  const counts = range(n).map(i => i % 4)
  const copies = rows.flatMap((x, i) => range(counts[i]!).map(() => x))
  const [withWeights, withCopies] = [await bound(model, rows, counts), await bound(model, copies)]
  for (const [i, mixture] of withWeights.entries()) {
    const [a, b] = await Promise.all([mixture, withCopies[i]!].map(m => rightOf(m.expect(parameters))))
    expectClose(a!.logLikelihood, b!.logLikelihood, 1e-12)
    for (const [k, s] of a!.statistics.components.entries()) {
      const t = b!.statistics.components[k]!
      expectClose([s.weight, ...s.mean, ...s.scatter.data], [t.weight, ...t.mean, ...t.scatter.data], 1e-12)
    }
  }
})

/** Sums about a fixed m, as an executor gathers them. */
const about = (m: Numbers, rows: Rows, w: Numbers): GaussianStatistics => {
  const deviations = rows.map(x => minus(x, m))
  return fromDeviations(m, {
    weight: sum(w),
    sum: m.map((_, i) => inner(w, column(deviations, i))),
    outer: matrixOf(combine(...deviations.map((x, n) => [w[n]!, square(x)] as const))),
  })
}

test('C9: the three forms of the posterior agree, it is never below the prior, and only the stable form shifts', async () => {
  for (const { d, rows, w, hyper, draw } of cases()) {
    const prior = niw(hyper)
    const after = update(await gather(rows, w), prior)
    expectClose(numbers(after), numbersOf(posterior(hyper, rows, w)), 1e-11)
    expectClose(numbers(update(about(draw.vector(d), rows, w), prior)), numbers(after), 1e-12)
    const { values } = eigen(combine([1, hyperOf(after).scale], [-1, hyper.scale]))
    expect(Math.min(...values)).toBeGreaterThan(-1e-12)
    expect(
      numbers(
        update(
          await gather(
            rows,
            w.map(() => 0),
          ),
          prior,
        ),
      ),
    ).toEqual(numbersOf(hyper))

    const b = 1e6
    const shift = (x: Numbers) => x.map(v => v + b)
    const shifted: Hyper = { ...hyper, mean: shift(hyper.mean) }
    const far = rows.map(shift)
    for (const s of [await gather(far, w), about(shift(rows[0]!), far, w)]) {
      const moved = update(s, niw(shifted))
      expectClose(
        Array.from(moved.mean, v => v - b),
        after.mean,
        1e-8,
      )
      expectClose(moved.covariance.scale.data, after.covariance.scale.data, 1e-8)
    }
    const raw = posterior(shifted, far, w).scale.flat()
    const lost = Math.max(...raw.map((v, i) => Math.abs(v - after.covariance.scale.data[i]!)))
    expect(lost).toBeGreaterThan(1e-5)
  }
})

/** log M_k by its own formula. */
const logM = (before: Hyper, after: Hyper, count: number): number =>
  -0.5 * count * before.mean.length * LOG_2PI + logNormaliser(after) - logNormaliser(before)

test('C10: a summand of L1 less the log posterior is log M_k everywhere, the marginal likelihood of whole rows', async () => {
  for (const { d, rows, w, hyper, draw } of cases()) {
    const after = update(await gather(rows, w), niw(hyper))
    const expected = logM(hyper, posterior(hyper, rows, w), sum(w))
    for (let i = 0; i < 4; i++) {
      const component = draw.component(d)
      const logProb = normalInverseWishart.logProb(after)(normal(component))
      const summand = inner(w, rows.map(logNormal(component))) + logNiw(hyper)(component)
      expectClose(summand - logProb, expected, 1e-11, Math.abs(logProb))
      const ofLibrary =
        inner(w, rows.map(multivariateNormal.logProb(normal(component)))) +
        normalInverseWishart.logProb(niw(hyper))(normal(component))
      expectClose(ofLibrary, summand, 1e-12)
    }
  }
  for (const c of distributionFixture<NiwParams, never>('normal_inverse_wishart').conjugate) {
    if (c.log_marginal_likelihood === undefined) continue
    const before = niw(hyperOfFixture(c.prior))
    const after = update(
      await gather(
        c.data,
        c.data.map(() => 1),
      ),
      before,
    )
    expectClose(logM(hyperOf(before), hyperOf(after), c.data.length), c.log_marginal_likelihood, 1e-12)
    const { logNormaliser: a } = normalInverseWishart
    const c0 = c.data.length * multivariateNormal.logBaseMeasure(c.data[0]!)
    expectClose(c0 + a(after) - a(before), c.log_marginal_likelihood, 1e-12)
  }
})
