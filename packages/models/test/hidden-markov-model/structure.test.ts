import { multivariateNormal, random } from '@conjugate/distributions'
import { fit, type GaussianEmissions, type HiddenMarkovParameters, hiddenMarkovModel } from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import { describe, expect, test } from 'vitest'

const prior = { mean: [3], meanPrecision: 0.01, degreesOfFreedom: 3, scale: [[1]] }
const model = (states: number, concentration?: number) =>
  right(
    hiddenMarkovModel({
      states,
      prior,
      ...(concentration !== undefined && {
        initialConcentration: concentration,
        transitionConcentration: concentration,
      }),
    }),
  )

/** Stays about 0 or about 6 for some readings, then one reading that is like no other. */
const oddlyEnded = (seed: number): number[][] => {
  const stream = random(seed)
  let state = 0
  const rows = Array.from({ length: 60 }, () => {
    if (stream.uniform() < 0.1) state = 1 - state
    return [6 * state + stream.normal()]
  })
  return [...rows, [1000]]
}

const expectAscent = (objectives: ReadonlyArray<number>): void => {
  for (const [i, v] of objectives.slice(1).entries())
    expect(v).toBeGreaterThanOrEqual(objectives[i]! - 1e-11 * Math.abs(v))
}

test.each(Array.from({ length: 20 }, (_, seed) => seed))(
  'default priors and a last reading that nothing follows: seed %d',
  async seed => {
    const { objectives, transitions, paths } = await rightOf(
      fit(model(3), [oddlyEnded(seed)], { iterations: 300, seed }),
    )
    expectAscent(objectives)
    // The state of the last reading is one that nothing has been seen to follow.
    const last = paths[0]!.at(-1)!
    const row = Array.from(transitions.data).slice(3 * last, 3 * last + 3)
    expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 14)
    expect(row.every(p => p >= 0)).toBe(true)
  },
)

describe.each([1, 0.5, 1 / 3])('from left to right, with a concentration of %d', concentration => {
  const at = (mean: number) => right(multivariateNormal.make({ mean: [mean], covariance: [[1]] }))
  const stream = random(4)
  const rows = Array.from({ length: 40 }, (_, n) => [(n < 20 ? 0 : 6) + stream.normal()])
  /** No sequence comes to the third state, which is far from all readings. */
  const start: HiddenMarkovParameters<GaussianEmissions> = {
    initial: [1, 0, 0],
    transitions: { rows: 3, columns: 3, data: [0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0, 1] },
    emissions: [at(0), at(6), at(1000)],
  }

  test('what is impossible stays impossible, in states that are visited and in those that are not', async () => {
    const { objectives, initial, transitions } = await rightOf(
      fit(model(3, concentration), [rows, rows], { start, iterations: 50 }),
    )
    expectAscent(objectives)
    expect(Array.from(initial)).toEqual([1, 0, 0])
    const { data } = transitions
    expect([data[2], data[3], data[6], data[7], data[8]]).toEqual([0, 0, 0, 0, 1])
    expect(data[0]).toBeGreaterThan(0.9)
    expect(data[4]! + data[5]!).toBeCloseTo(1, 14)
  })
})
