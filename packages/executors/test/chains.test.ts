import { type ChainSteps, type Chains, chainsOn } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { available } from './support/executors.js'
import { uniforms } from './support/random.js'
import { success } from './support/run.js'

const NEVER = Number.NEGATIVE_INFINITY

const logSum = (logs: ReadonlyArray<number>): number => {
  const highest = logs.reduce((a, b) => Math.max(a, b), NEVER)
  return highest === NEVER ? NEVER : highest + Math.log(logs.reduce((sum, v) => sum + Math.exp(v - highest), 0))
}

/** Sums over every path of one sequence. */
const enumerated = ({ initial, transitions }: ChainSteps, logs: Float64Array) => {
  const k = initial.length
  const length = logs.length / k
  const paths = Array.from({ length: k ** length }, (_, code) =>
    Array.from({ length }, (_n, n) => Math.floor(code / k ** n) % k),
  )
  const weights = paths.map(z =>
    z.reduce((sum, j, n) => sum + logs[n * k + j]! + (n === 0 ? initial[j]! : transitions[z[n - 1]! * k + j]!), 0),
  )
  const total = logSum(weights)
  const q = new Float64Array(length * k)
  const counts = { initial: new Float64Array(k), transitions: new Float64Array(k * k) }
  for (const [i, z] of paths.entries()) {
    const p = total === NEVER ? 0 : Math.exp(weights[i]! - total)
    for (const [n, j] of z.entries()) {
      q[n * k + j]! += p
      if (n === 0) counts.initial[j]! += p
      else counts.transitions[z[n - 1]! * k + j]! += p
    }
  }
  const best = weights.indexOf(weights.reduce((a, b) => Math.max(a, b)))
  return { total, q, counts, best: total === NEVER ? paths[0]!.map(() => -1) : paths[best]! }
}

const expectNear = (found: ArrayLike<number>, expected: ArrayLike<number>, within: number, what: string): void => {
  expect(found.length, what).toBe(expected.length)
  for (let i = 0; i < found.length; i++)
    if (found[i] !== expected[i])
      expect(Math.abs(found[i]! - expected[i]!), `${what} ${i}: ${found[i]}, ${expected[i]}`).toBeLessThan(
        within * Math.max(1, Math.abs(expected[i]!)),
      )
}

/** Random steps, some of them forbidden or as improbable as told. */
const steps = (k: number, seed: number, rare: number): ChainSteps => {
  const uniform = uniforms(seed)
  const row = (kept: number): number[] => {
    const logs = Array.from({ length: k }, (_, j) => (j !== kept && uniform() < 0.4 ? rare : -2 * uniform()))
    const total = logSum(logs)
    return logs.map(v => v - total)
  }
  return {
    initial: Float64Array.from(row(0)),
    transitions: Float64Array.from(Array.from({ length: k }, (_, i) => row((i + 1) % k)).flat()),
  }
}

/** Log densities, of which some are of another size than the others. */
const densities = (rows: number, k: number, seed: number, far: number): Float64Array => {
  const uniform = uniforms(seed)
  return Float64Array.from({ length: rows * k }, () => (uniform() < 0.3 ? far : -3 * uniform()))
}

describe.each(available)('chains of %s', (_name, executor) => {
  const open = (k: number, lengths: ReadonlyArray<number>): Promise<Chains> => success(chainsOn(executor)(k, lengths))

  // Improbable steps and densities, whose products are beyond the range of float64, and some that are impossible.
  describe.each([
    [-1, -5],
    [-50, -400],
    [-100, -400],
    [-300, -400],
    [-900, -900],
    [-50, -5000],
    [NEVER, -5],
    [NEVER, -400],
    [NEVER, -900],
    [NEVER, NEVER],
    [-300, NEVER],
    [-1, 700],
  ])('steps of %d and densities of %d', (rare, far) => {
    test.each([1, 2, 3, 4, 5])('%d states: all is as the sum over all paths says', async k => {
      const lengths = [k < 4 ? 6 : 4, 0, 1, 2, k < 4 ? 5 : 3]
      const rows = lengths.reduce((a, b) => a + b)
      const chains = await open(k, lengths)
      for (let seed = 0; seed < 8; seed++) {
        const logSteps = steps(k, seed, rare)
        const logs = densities(rows, k, seed + 100, far)
        const found = chains.smooth(logSteps, logs)
        // What is written in place of the log densities has the same bits.
        expect(chains.smooth(logSteps, logs.slice(), true)).toEqual(found)
        const states = chains.decode(logSteps, logs)
        const drawn = chains.sample(logSteps, logs, seed)
        const sums = { initial: new Float64Array(k), transitions: new Float64Array(k * k) }
        let n = 0
        for (const [i, length] of lengths.entries()) {
          const end = n + length
          const expected = enumerated(logSteps, logs.subarray(n * k, end * k))
          if (length > 0) {
            expectNear([found.logLikelihoods[i]!], [expected.total], 1e-13, 'log-likelihood')
            expectNear(found.responsibilities.subarray(n * k, end * k), expected.q, 1e-12, 'responsibility')
            expect(Array.from(states.subarray(n, end))).toEqual(expected.best)
            for (const [m, z] of drawn.subarray(n, end).entries())
              expect(z < 0 ? Number(expected.total === NEVER) : expected.q[m * k + z]).toBeGreaterThan(0)
            for (const name of ['initial', 'transitions'] as const)
              for (const [j, v] of expected.counts[name].entries()) sums[name][j]! += v
          } else expect(found.logLikelihoods[i]).toBe(0)
          n = end
        }
        for (const name of ['initial', 'transitions'] as const) expectNear(found.counts[name], sums[name], 1e-12, name)
      }
    })
  })

  test('what a state has lost comes back in later rows, where it is all that there is', async () => {
    // From left to right: the first state is given up for 40 rows, each of which says less of it, and then is the only one.
    const logSteps = {
      initial: Float64Array.of(Math.log(0.5), Math.log(0.5)),
      transitions: Float64Array.of(0, NEVER, NEVER, 0),
    }
    for (const [rows, each] of [
      [3, -400],
      [40, -30],
      [2000, -1],
    ] as const) {
      const logs = Float64Array.from({ length: 2 * rows }, (_, i) => {
        const isLast = i >= 2 * rows - 2
        if (i % 2 === 0) return isLast ? 0 : each
        return isLast ? NEVER : 0
      })
      const { logLikelihoods, responsibilities } = (await open(2, [rows])).smooth(logSteps, logs)
      expectNear(logLikelihoods, [Math.log(0.5) + each * (rows - 1)], 1e-13, 'log-likelihood')
      for (let n = 0; n < rows; n++) expectNear(responsibilities.subarray(2 * n, 2 * n + 2), [1, 0], 1e-13, 'state')
    }
  })

  test('what is said of a sequence does not depend on the others', async () => {
    const lengths = [3, 700, 1, 0, 41]
    const [k, rows] = [3, 745]
    const logSteps = steps(k, 1, NEVER)
    const logs = densities(rows, k, 2, -60)
    const all = (await open(k, lengths)).smooth(logSteps, logs)
    let n = 0
    for (const [i, length] of lengths.entries()) {
      const own = (await open(k, [length])).smooth(logSteps, logs.slice(n * k, (n + length) * k))
      expect(own.logLikelihoods[0]).toBe(all.logLikelihoods[i])
      expect(own.responsibilities).toEqual(all.responsibilities.slice(n * k, (n + length) * k))
      n += length
    }
  })

  test('a million readings neither underflow nor lose digits', async () => {
    const [k, rows] = [2, 1_000_000]
    // Both states show the same, so that the likelihood is known: that of the readings.
    const logs = Float64Array.from({ length: rows * k }, (_, i) => -7 - (Math.floor(i / k) % 5))
    const logSteps = steps(k, 3, -2)
    const { logLikelihoods, responsibilities, counts } = (await open(k, [rows])).smooth(logSteps, logs)
    expectNear(logLikelihoods, [-9 * rows], 1e-12, 'log-likelihood')
    let worst = 0
    for (let n = 0; n < rows; n++)
      worst = Math.max(worst, Math.abs(responsibilities[2 * n]! + responsibilities[2 * n + 1]! - 1))
    expect(worst).toBeLessThan(1e-15 * 4)
    expectNear([counts.transitions.reduce((a, b) => a + b)], [rows - 1], 1e-10, 'steps')
  })

  test('draws have the probabilities of the states, and the same bits by the same seed on any executor', async () => {
    const [k, lengths] = [3, [4, 2]]
    const logSteps = steps(k, 5, -2)
    const logs = densities(6, k, 6, -4)
    const [own, plain] = [await open(k, lengths), await success(chainsOn()(k, lengths))]
    const { responsibilities } = own.smooth(logSteps, logs)
    const [draws, shares] = [20_000, new Float64Array(6 * k)]
    for (let seed = 0; seed < draws; seed++) {
      const states = own.sample(logSteps, logs, seed)
      if (seed < 200) expect(plain.sample(logSteps, logs, seed)).toEqual(states)
      for (const [n, j] of states.entries()) shares[n * k + j]! += 1 / draws
    }
    // Five standard errors of a share.
    expectNear(shares, responsibilities, 5 * 0.5 * draws ** -0.5, 'share')
  })

  test('known states are counted, but for steps to and from one that is not known', async () => {
    const { initial, transitions } = (await open(2, [4, 0, 3])).count(Int32Array.of(0, 1, 1, 0, -1, 0, 1))
    expect(Array.from(initial)).toEqual([1, 0])
    expect(Array.from(transitions)).toEqual([0, 2, 1, 1])
  })
})
