import { multivariateNormal, normalInverseWishart, normalInverseWishartPrior, random } from '@conjugate/distributions'
import { maximize } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as O from 'fp-ts/lib/Option.js'
import { expect, test } from 'vitest'
import { column, combine, eigen, inner, invert, type Numbers, product, range, sum, times, transpose } from './plain.js'
import { minimise } from './quasi-newton.js'
import { type Component, gaussianPart, type Hyper, lossFromMode, posterior, trace } from './reference.js'
import { componentOf, draws, expectClose, gathered, niw, normal, numbersOf, randomCase } from './support.js'

/** The library's mode, which is also what its prior gives the M-step. */
const modeOf = (h: Hyper): Component => {
  const mode = normalInverseWishart.mode(niw(h))
  const joint = right(normalInverseWishartPrior.jointMode(niw(h)))
  if (O.isNone(mode)) throw new Error('a NIW has a mode')
  expect(componentOf(joint)).toEqual(componentOf(mode.value))
  return componentOf(joint)
}

/** Random directions (u, V) with symmetric V, the first two with only one part. */
const directions = (draw: ReturnType<typeof draws>, d: number) =>
  range(6).map(i => {
    const [u, a] = [draw.vector(d), range(d).map(() => draw.vector(d))]
    return { u: i === 0 ? u.map(() => 0) : u, v: combine([i === 1 ? 0 : 1, a], [i === 1 ? 0 : 1, transpose(a)]) }
  })

test('C11: at the mode the gradient vanishes and the second derivative is the form of 1d, always negative', () => {
  for (const d of [1, 2, 3, 4])
    for (const seed of range(4)) {
      const draw = draws(random(11 + d, seed))
      const h = draw.hyper(d)
      const { mean, covariance } = modeOf(h)
      const logProb = normalInverseWishart.logProb(niw(h))
      const { inverse } = invert(covariance)
      for (const { u, v } of directions(draw, d)) {
        const quotient = product(inverse, v)
        const curvature =
          -h.meanPrecision * inner(u, times(inverse, u)) -
          0.5 * (h.degreesOfFreedom + d + 2) * trace(quotient, transpose(quotient))
        expect(curvature).toBeLessThan(0)
        const step = 1e-3 / Math.sqrt(-curvature)
        const at = (e: number) => {
          const moved = { mean: mean.map((m, i) => m + e * u[i]!), covariance: combine([1, covariance], [e, v]) }
          return logProb(normal(moved))
        }
        const slope = (at(step) - at(-step)) / (2 * step * Math.sqrt(-curvature))
        const bend = (at(step) - 2 * at(0) + at(-step)) / step ** 2
        expectClose(slope, 0, 1e-5)
        expectClose(bend / curvature, 1, 1e-4)
      }
    }
})

test('C12: what the NIW loses away from its mode is the closed form, near or far', () => {
  for (const d of [1, 2, 3, 4])
    for (const seed of range(4)) {
      const draw = draws(random(12 + d, seed))
      const h = draw.hyper(d)
      const mode = modeOf(h)
      const logProb = normalInverseWishart.logProb(niw(h))
      const [top, near] = [logProb(normal(mode)), 1e-3 * Math.min(...eigen(mode.covariance).values)]
      const elsewhere: ReadonlyArray<Component> = [
        ...[1e-3, 0.1, 1, 10, 1e3].map(s => ({ mean: draw.vector(d), covariance: draw.spd(d, s) })),
        { mean: mode.mean, covariance: combine([1, mode.covariance], [near, draw.spd(d)]) },
        { mean: draw.vector(d), covariance: mode.covariance },
      ]
      for (const c of elsewhere) {
        const { terms, total } = lossFromMode(h, c)
        for (const term of terms) expect(term).toBeGreaterThanOrEqual(-1e-14)
        expect(total).toBeGreaterThan(0)
        expectClose(top - logProb(normal(c)), total, 1e-11, Math.abs(top))
      }
      expectClose(lossFromMode(h, mode).total, 0, 1e-13)
    }
})

/** (mu, Sigma) of a vector: mu, then the lower triangle of a Cholesky factor with the logs of its diagonal. */
const unpack = (d: number, p: Numbers): Component => {
  const factor = range(d).map(i =>
    range(d).map(j => {
      const entry = p[d + (i * (i + 1)) / 2 + j]!
      return j > i ? 0 : i === j ? Math.exp(entry) : entry
    }),
  )
  return { mean: p.slice(0, d), covariance: product(factor, transpose(factor)) }
}

test('C13: the M-step has the largest L1, by exactly the loss of every component, and an optimiser ends there', async () => {
  for (const d of [1, 2, 3, 4]) {
    const { hyper, rows, q, model, k } = randomCase(d, 3, 40)
    const { components } = right(maximize(model, await gathered(model, rows, q)))
    const posteriors = range(k).map(j => posterior(hyper, rows, column(q, j)))

    const logNiw = normalInverseWishart.logProb(model.components.priors[0]!)
    const ofLibrary = (list: typeof components) =>
      sum(list.map((c, j) => inner(column(q, j), rows.map(multivariateNormal.logProb(c))) + logNiw(c)))
    const draw = draws(random(13, d))
    for (let i = 0; i < 10; i++) {
      const other = draw.theta(d, k).components
      const gain = ofLibrary(components) - ofLibrary(other.map(normal))
      expect(gain).toBeGreaterThan(0)
      expectClose(gain, sum(other.map((c, j) => lossFromMode(posteriors[j]!, c).total)), 1e-11)
    }

    const share = column(q, 0).map(v => [v])
    const found = minimise(
      p => -gaussianPart(hyper, rows, share, [unpack(d, p)]) / rows.length,
      draw.vector(d + (d * (d + 1)) / 2),
    )
    expectClose(numbersOf(unpack(d, found)), numbersOf(componentOf(components[0]!)), 1e-6)
  }
})
