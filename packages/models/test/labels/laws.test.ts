import { random } from '@conjugate/distributions'
import { javascript, wasm } from '@conjugate/executors'
import type { BoundLabels, Counts, LabelTypes } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'
import { labelModels } from './label-models.js'

const NEVER = Number.NEGATIVE_INFINITY

const logSum = (logs: ReadonlyArray<number>): number => {
  const highest = Math.max(...logs)
  return highest === NEVER ? NEVER : highest + Math.log(logs.reduce((sum, v) => sum + Math.exp(v - highest), 0))
}

/** Every labelling of rows. */
const every = (rows: number, states: number): ReadonlyArray<ReadonlyArray<number>> =>
  Array.from({ length: states ** rows }, (_, code) =>
    Array.from({ length: rows }, (_, n) => Math.floor(code / states ** n) % states),
  )

const near = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): void => {
  expect(a.length).toBe(b.length)
  for (let i = 0; i < a.length; i++)
    if (a[i] !== b[i]) expect(Math.abs(a[i]! - b[i]!), `place ${i}: ${a[i]}, ${b[i]}`).toBeLessThan(within)
}

const entries = (counts: Counts) => Object.entries(counts)

const places = [
  ['in plain JavaScript', javascript],
  ['on the kernel', await rightOf(wasm)],
] as const

const bound = await Promise.all(
  labelModels.flatMap(row =>
    places.map(async ([where, executor]) => {
      const { model, rows, structure } = row
      const posteriors = await rightOf(model.variational!().bind(rows, structure, executor))
      return {
        ...row,
        where,
        sides: [
          ['points', await rightOf(model.bind(rows, structure, executor))],
          ['posteriors', posteriors as unknown as BoundLabels<LabelTypes>],
        ] as const,
      }
    }),
  ),
)

describe.each(bound)('$name, $where', ({ model, rows, units, logWeight, sides }) => {
  const k = model.states
  const stream = random(11)
  const logDensities = Float64Array.from({ length: rows * k }, () => 2 * stream.normal())
  // A row of which nothing is known, and one that a state cannot give.
  logDensities.fill(0, k, 2 * k)
  if (k > 2) logDensities[3 * k + 1] = NEVER
  const all = every(rows, k)

  describe.each(sides)('%s', (_, bound) => {
    const potentials = bound.potentials(bound.initial)
    const logs = all.map(z => logWeight(potentials, z) + z.reduce((sum, j, n) => sum + logDensities[n * k + j]!, 0))
    const total = logSum(logs)

    test('the log-likelihood is the sum over all labels', () => {
      const { logLikelihoods } = bound.infer(potentials, logDensities)
      expect(logLikelihoods).toHaveLength(units.length)
      expect(Math.abs(logLikelihoods.reduce((a, b) => a + b, 0) - total)).toBeLessThan(1e-12 * (1 + Math.abs(total)))
    })

    test('responsibilities and counts are expectations over all labels', () => {
      const { responsibilities, counts } = bound.infer(potentials, logDensities)
      const [q, sums] = [new Float64Array(rows * k), new Map<string, Float64Array>()]
      for (const [i, z] of all.entries()) {
        const p = Math.exp(logs[i]! - total)
        if (p === 0) continue
        for (const [n, j] of z.entries()) q[n * k + j]! += p
        for (const [name, values] of entries(bound.count(Int32Array.from(z)))) {
          const sum = sums.get(name) ?? new Float64Array(values.length)
          sums.set(
            name,
            sum.map((v, j) => v + p * values[j]!),
          )
        }
      }
      near(responsibilities, q, 1e-12)
      for (const [name, values] of entries(counts)) near(values, sums.get(name)!, 1e-12)
    })

    test('potentials have the names and lengths of counts', () => {
      const { counts } = bound.infer(potentials, logDensities)
      expect(entries(potentials).map(([name, v]) => [name, v.length])).toEqual(
        entries(counts).map(([name, v]) => [name, v.length]),
      )
      // Also where more is given than the labels: all parameters, of which they pick theirs.
      const more = bound.potentials({ ...bound.initial, components: [], objectives: [] })
      expect(Object.keys(more)).toEqual(Object.keys(counts))
    })

    test('counts are the gradient of the log-likelihood by the potentials', () => {
      const { counts } = bound.infer(potentials, logDensities)
      const at = (p: Counts): number => bound.infer(p, logDensities).logLikelihoods.reduce((a, b) => a + b, 0)
      for (const [name, values] of entries(potentials))
        for (const i of values.keys()) {
          if (values[i] === NEVER) continue
          const moved = (by: number): Counts => ({ ...potentials, [name]: values.with(i, values[i]! + by) })
          expect(Math.abs((at(moved(1e-5)) - at(moved(-1e-5))) / 2e-5 - counts[name]![i]!)).toBeLessThan(1e-7)
        }
    })

    test('the most probable labels together are the best of all', () => {
      const best = logs.indexOf(Math.max(...logs))
      expect(Array.from(bound.decode(potentials, logDensities))).toEqual(all[best])
    })

    test('draws have the probabilities of all labels', () => {
      const [draws, q] = [20_000, new Float64Array(rows * k)]
      for (let i = 0; i < draws; i++)
        for (const [n, j] of bound.sample(potentials, logDensities, stream).entries()) q[n * k + j]! += 1 / draws
      // Five standard errors of a share.
      near(q, bound.infer(potentials, logDensities).responsibilities, 5 * 0.5 * draws ** -0.5)
    })

    test('coordinates lead back, and there are as many as it says', () => {
      const vector = bound.coordinates.toVector(bound.initial)
      expect(vector).toHaveLength(bound.size)
      const again = right(bound.coordinates.fromVector(vector)) as Counts
      for (const [name, values] of entries(bound.initial as Counts)) near(again[name]!, values, 1e-14)
    })

    test('an M-step raises the expected log joint, or nothing moves', () => {
      const { counts } = bound.infer(potentials, logDensities)
      const objective = (labels: object): number => {
        const logWeights = bound.potentials(labels)
        let sum = bound.logPrior(labels)
        for (const [name, values] of entries(counts))
          for (const [i, n] of values.entries()) if (n > 0) sum += n * logWeights[name]![i]!
        return sum
      }
      const found = right(bound.maximize(counts))
      const top = objective(found)
      expect(top).toBeGreaterThanOrEqual(objective(bound.initial) - 1e-12)
      const vector = bound.coordinates.toVector(found)
      for (let i = 0; i < 20; i++) {
        const near = right(bound.coordinates.fromVector(vector.map(v => v + 1e-3 * stream.normal())))
        if (vector.every(Number.isFinite)) expect(objective(near)).toBeLessThanOrEqual(top + 1e-12)
      }
    })

    test('other numbers for the states change nothing else, where their priors are alike', () => {
      const order = Array.from({ length: k }, (_, j) => (j + 1) % k)
      if (bound.logPrior(bound.permute!(order)(bound.initial)) !== bound.logPrior(bound.initial)) return
      const permuted = bound.potentials(bound.permute!(order)(bound.initial))
      const moved = logDensities.map((_, i) => logDensities[i - (i % k) + order[i % k]!]!)
      const [a, b] = [bound.infer(potentials, logDensities), bound.infer(permuted, moved)]
      near(b.logLikelihoods, a.logLikelihoods, 1e-12)
      near(
        b.responsibilities,
        a.responsibilities.map((_, i) => a.responsibilities[i - (i % k) + order[i % k]!]!),
        1e-12,
      )
    })

    test('a unit that is impossible has no labels and no probabilities, and the others keep theirs', () => {
      const impossible = logDensities.slice().fill(NEVER, 0, k)
      const { logLikelihoods, responsibilities } = bound.infer(potentials, impossible)
      expect(logLikelihoods[0]).toBe(NEVER)
      expect(Array.from(responsibilities.subarray(0, units[0]! * k)).every(q => q === 0)).toBe(true)
      expect(Array.from(bound.decode(potentials, impossible).subarray(0, units[0]))).toEqual(
        Array.from({ length: units[0]! }, () => -1),
      )
      const rest = bound.infer(potentials, logDensities)
      near(logLikelihoods.subarray(1), rest.logLikelihoods.subarray(1), 1e-15)
    })
  })

  test('draws of what is learnt have the mean of its posterior', () => {
    const [points, posteriors] = [sides[0][1], sides[1][1]]
    const counts = points.infer(points.potentials(points.initial), logDensities).counts
    const concentrations = right(posteriors.maximize(counts)) as Counts
    const draws = 4000
    const means: Record<string, Float64Array> = {}
    for (let i = 0; i < draws; i++)
      for (const [name, values] of entries(right(points.draw!(counts)(stream)) as Counts)) {
        const sum = means[name] ?? new Float64Array(values.length)
        means[name] = sum.map((v, j) => v + values[j]! / draws)
      }
    for (const [name, values] of entries(concentrations))
      for (const [i, a] of values.entries()) {
        const first = i - (i % k)
        const all = values.subarray(first, first + k).reduce((x, y) => x + y, 0)
        expect(Math.abs(means[name]![i]! - a / all)).toBeLessThan(5 * 0.5 * draws ** -0.5)
      }
  })
})
