import { selectExecutor } from '@conjugate/executors'
import { fit, gibbs, onRows, predict, variational } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { models } from './models.js'

const NEVER = Number.NEGATIVE_INFINITY

const logSum = (logs: ReadonlyArray<number>): number => {
  const highest = Math.max(...logs)
  return highest === NEVER ? NEVER : highest + Math.log(logs.reduce((sum, v) => sum + Math.exp(v - highest), 0))
}

const near = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): void => {
  expect(a.length).toBe(b.length)
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i]! - b[i]!), `place ${i}`).toBeLessThan(within)
}

const described = await Promise.all(
  models.map(async row => {
    const { draw } = await rightOf(row.model.labels.bind(row.data.length, row.options))
    return { ...row, isDrawn: draw !== undefined }
  }),
)

describe.each(described)('$name', ({ model, data, options, density, labels, noise, isDrawn }) => {
  const [rows, k] = [data.length, model.labels.states]
  const all = Array.from({ length: k ** rows }, (_, code) =>
    Array.from({ length: rows }, (_n, n) => Math.floor(code / k ** n) % k),
  )
  const known = (z: ReadonlyArray<number>): number =>
    z.reduce((sum, j, n) => {
      const label = options.labels?.[n] ?? -1
      return sum + (label < 0 || label === j ? 0 : NEVER) + (options.rowLogPriors?.data[n * k + j] ?? 0)
    }, 0)

  // After one step too: later ones may have forgotten what was wrong in it.
  test.each([
    ['none', 1],
    ['none', 40],
    ['squarem', 40],
  ] as const)('%s, %i iterations: all is as the sum over all labellings says', async (acceleration, iterations) => {
    const found = await rightOf(fit(model, data, { ...options, iterations, acceleration }))
    for (const [i, v] of found.objectives.slice(1).entries())
      expect(v).toBeGreaterThanOrEqual(found.objectives[i]! - 1e-11)
    const ofRow = (n: number, j: number): number => {
      const x = data[n] as never
      if (j < found.components.length) return density(found.components[j], x)
      return x === null ? 0 : noise!
    }
    const logs = all.map(z => labels(found, z) + known(z) + z.reduce((sum, j, n) => sum + ofRow(n, j), 0))
    const total = logSum(logs)
    if ((model.labels.kind as string) === 'bound') {
      expect(found.logLikelihood).toBeLessThanOrEqual(total + 1e-12)
      expect(found.logLikelihood).toBeGreaterThan(total - 0.5)
      return
    }
    expect(Math.abs(found.logLikelihood - total)).toBeLessThan(1e-12 * Math.abs(total))
    expect(Array.from(found.assignments)).toEqual(all[logs.indexOf(Math.max(...logs))])
    const q = new Float64Array(rows * k)
    for (const [i, z] of all.entries()) for (const [n, j] of z.entries()) q[n * k + j]! += Math.exp(logs[i]! - total)
    const again = await rightOf(predict(model, found, data, options))
    near(again.responsibilities.data, q, 1e-12)
    expect(Math.abs(again.logProb.reduce((a, b) => a + b, 0) - total)).toBeLessThan(1e-12 * Math.abs(total))
    if ('logLikelihoods' in found) near(again.logProb, found.logLikelihoods as Float64Array, 1e-12)
    expect(again.assignments).toEqual(found.assignments)
    near(
      found.expectedCounts,
      Array.from({ length: k }, (_, j) => q.reduce((sum, v, i) => sum + (i % k === j ? v : 0), 0)),
      1e-11,
    )
  })

  test('an E-step says the same before and after another, and what it has said stays', async () => {
    const executor = await rightOf(selectExecutor('auto', 1))
    const bound = await rightOf(onRows(model, data, executor, options))
    const [one, other] = [
      await rightOf(fit(model, data, { ...options, iterations: 1 })),
      await rightOf(fit(model, data, { ...options, iterations: 6 })),
    ]
    const before = await rightOf(bound.expect(one))
    const said = structuredClone(before.statistics.labels)
    await rightOf(bound.expect(other))
    const after = await rightOf(bound.expect(one))
    bound.dispose()
    expect(after.logLikelihood).toBe(before.logLikelihood)
    expect(after.statistics).toEqual(before.statistics)
    expect(before.statistics.labels).toEqual(said)
  })

  if (model.labels.variational === undefined)
    test('variational Bayes is refused', () => {
      expect(variational(model)._tag).toBe('Left')
    })
  else
    test('variational Bayes: the bound never falls, and predictions say the same as the fit', async () => {
      const posteriors = right(variational(model)) as unknown as typeof model
      for (const acceleration of ['none', 'squarem'] as const) {
        const found = await rightOf(fit(posteriors, data, { ...options, iterations: 30, acceleration }))
        for (const [i, v] of found.objectives.slice(1).entries())
          expect(v).toBeGreaterThanOrEqual(found.objectives[i]! - 1e-11)
        const { responsibilities, logProb } = await rightOf(predict(posteriors, found, data, options))
        expect(Math.abs(logProb.reduce((a, b) => a + b, 0) - found.logLikelihood)).toBeLessThan(1e-9)
        for (let n = 0; n < rows; n++) {
          const q = Array.from(responsibilities.data).slice(n * k, (n + 1) * k)
          expect(q.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
        }
      }
    })

  if (!isDrawn)
    test('Gibbs sampling is refused', async () => {
      const found = []
      for await (const draw of gibbs(model, data, { ...options, samples: 2 })) found.push(draw._tag)
      expect(found).toEqual(['Left'])
    })
  else
    test('Gibbs sampling: labels that are known stay, and every draw is possible', async () => {
      let drawn = 0
      for await (const draw of gibbs(model, data, { ...options, samples: 200, seed: 3 })) {
        const { assignments, logJoint } = right(draw)
        drawn++
        expect(assignments.length).toBe(rows)
        expect(Number.isFinite(logJoint)).toBe(true)
        for (const [n, label] of Array.from(options.labels ?? []).entries())
          if (label >= 0) expect(assignments[n]).toBe(label)
      }
      expect(drawn).toBe(200)
    })
})
