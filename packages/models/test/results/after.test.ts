import { logPredictive, multivariateStudentT, normalInverseWishartPredictive, random } from '@conjugate/distributions'
import { fromText, toText } from '@conjugate/em'
import {
  bestBy,
  compareAssignments,
  compareComponents,
  describeFitError,
  fit,
  fitFromText,
  fitToText,
  informationCriteria,
  latentClassMixture,
  logPosteriorPredictive,
  posteriors,
  predict,
  sample,
  summarise,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { describe, expect, test } from 'vitest'
import { clouds, counts, gaussians, poissons, table, tables } from '../mixture/support.js'

const rows = clouds(200)
const start = { _tag: 'k-means' } as const

describe('predict', () => {
  test('says of the data what the fit said, and of others by the same parameters', async () => {
    const fitted = await rightOf(fit(gaussians(2), rows, { start }))
    const same = await rightOf(predict(gaussians(2), fitted, rows))
    expect(Array.from(same.assignments)).toEqual(Array.from(fitted.assignments))
    expect(Array.from(same.logProb).reduce((a, b) => a + b)).toBeCloseTo(fitted.logLikelihood, 8)
    const other = await rightOf(
      predict(gaussians(2), fitted, [
        [0, 0],
        [6, 3],
      ]),
    )
    expect(new Set(other.assignments).size).toBe(2)
    expect(other.responsibilities.data[0]! + other.responsibilities.data[1]!).toBeCloseTo(1, 12)
    const none = await rightOf(predict(gaussians(2), fitted, { rows: 0, columns: 2, data: [] }))
    expect(none.assignments).toHaveLength(0)
  })

  test('refuses other columns', async () => {
    const fitted = await rightOf(fit(gaussians(2), rows, { start }))
    expect(await predict(gaussians(2), fitted, [[1, 2, 3]])()).toMatchObject(E.left({ _tag: 'ColumnMismatch' }))
  })
})

describe('sample', () => {
  test('draws what leads back to the parameters', async () => {
    const fitted = await rightOf(fit(poissons(2), counts(300), { start, order: 'expected-count' }))
    const draw = sample(poissons(2), fitted)
    const stream = random(3)
    const drawn = Array.from({ length: 4000 }, () => right(draw(stream)))
    expect(drawn.filter(d => d.component === 0).length / 4000).toBeCloseTo(fitted.weights[0]!, 1)
    const refitted = await rightOf(
      fit(
        poissons(2),
        drawn.flatMap(d => (O.isSome(d.observation) ? [d.observation.value] : [])),
        { start, order: 'expected-count' },
      ),
    )
    for (const [k, c] of refitted.components.entries()) expect(c.rate).toBeCloseTo(fitted.components[k]!.rate, 0)
  })

  test('draws nothing from noise', () => {
    const noisy = gaussians(1, { noise: -3 })
    const draw = sample(noisy, {
      weights: [0, 1],
      components: [right(noisy.components.parts.designMatrix([[0, 0]])).componentAt!([0, 0])],
    })
    expect(draw(random(0))).toEqual(E.right({ component: 1, observation: O.none }))
  })
})

describe('posteriors', () => {
  test('have the next M-step as their mode', async () => {
    const mixture = gaussians(2)
    const fitted = await rightOf(fit(mixture, rows, { start, iterations: 5 }))
    const next = await rightOf(fit(mixture, rows, { start, iterations: 6 }))
    for (const [k, q] of right(posteriors(mixture, fitted)).entries()) {
      const mode = right(mixture.components.pair.jointMode(q))
      for (const [i, v] of Array.from(mode.mean).entries()) expect(v).toBeCloseTo(next.components[k]!.mean[i]!, 10)
    }
  })

  test("predict by a mixture of Student's t, which integrates to one", async () => {
    const mixture = gaussians(2)
    const fitted = await rightOf(fit(mixture, rows, { start }))
    const logPredict = right(logPosteriorPredictive(mixture, fitted))
    const ts = right(posteriors(mixture, fitted)).map(q => right(normalInverseWishartPredictive(q)))
    const alpha = Array.from(fitted.expectedCounts, n => (n + 2) / 204)
    for (const x of [
      [0, 0],
      [3, 1],
      [50, 50],
    ]) {
      const direct = Math.log(
        ts.reduce((sum, t, k) => sum + alpha[k]! * Math.exp(multivariateStudentT.logProb(t)(x)), 0),
      )
      expect(right(logPredict(Float64Array.from(x)))).toBeCloseTo(direct, 9)
    }
    // Far away it has heavier tails than the fitted normals.
    const { logProb } = await rightOf(predict(mixture, fitted, [[50, 50]]))
    expect(right(logPredict([50, 50]))).toBeGreaterThan(logProb[0]!)
  })

  test('of one component are those of the pair', async () => {
    const mixture = poissons(1)
    const fitted = await rightOf(fit(mixture, [3, 4, 5]))
    const q = right(posteriors(mixture, fitted))[0]!
    expect(right(right(logPosteriorPredictive(mixture, fitted))(4))).toBeCloseTo(
      right(logPredictive(mixture.components.pair)(q)(4)),
      11,
    )
  })
})

describe('information criteria', () => {
  test('choose the number of groups', async () => {
    const define = (k: number) => E.right(gaussians(k))
    const bics = (
      found: ReadonlyArray<{ readonly result: E.Either<unknown, { readonly criteria: { bic: number } }> }>,
    ) => found.map(({ result }) => right(result).criteria.bic)
    const dataFirst = await compareComponents(define, rows, [1, 2], { start })()
    expect(bics(await compareComponents(rows, [1, 2], { start })(define)())).toEqual(bics(dataFirst))
    const candidates = await compareComponents(k => E.right(gaussians(k)), rows, [1, 2, 3, 4], { start, restarts: 3 })()
    for (const criterion of ['bic', 'icl'] as const) {
      const { mixture } = right(bestBy(candidates, criterion))
      expect(mixture.labels.states).toBe(2)
    }
  })

  test('count parameters and observations', async () => {
    const fitted = await rightOf(fit(gaussians(2), rows, { start }))
    const { responsibilities } = await rightOf(predict(gaussians(2), fitted, rows))
    const { aic, bic, icl } = right(informationCriteria(gaussians(2), fitted, responsibilities))
    expect(aic).toBeCloseTo(2 * 11 - 2 * fitted.logLikelihood, 8)
    expect(bic).toBeCloseTo(11 * Math.log(200) - 2 * fitted.logLikelihood, 8)
    expect(icl).toBeGreaterThanOrEqual(bic)
    expect(E.isLeft(informationCriteria(gaussians(2), fitted, null as never))).toBe(true)
    expect(E.isLeft(informationCriteria(gaussians(2), {} as never, responsibilities))).toBe(true)
    expect(tables(3).components.freeParameters + tables(3).labels.freeParameters).toBe(3 * (2 + 1 + 2) + 2)
  })

  test('tell which candidates failed', async () => {
    const candidates = await compareComponents(
      k => E.right(gaussians(k)),
      [
        [0, 0],
        [1, 1],
      ],
      [1, 3],
    )()
    expect(candidates.map(c => E.isRight(c.result))).toEqual([true, false])
  })
})

test('a summary counts what belongs to each component', async () => {
  const noisy = gaussians(2, { noise: -4 })
  const fitted = await rightOf(fit(noisy, rows, { start }))
  const found = summarise(fitted)
  expect(found.map(s => s.component)).toEqual([0, 1])
  expect(found.reduce((sum, s) => sum + s.assigned, 0)).toBe(Array.from(fitted.assignments).filter(k => k < 2).length)
  expect(found.reduce((sum, s) => sum + s.share, 0)).toBeCloseTo(1 - fitted.expectedCounts[2]! / 200, 12)
})

describe('a fit as text', () => {
  test('comes back bit for bit, whatever the mixture', async () => {
    const g = await rightOf(fit(gaussians(2), rows, { start }))
    expect(right(fitFromText(gaussians(2), right(fitToText(gaussians(2), g))))).toStrictEqual(g)
    const t = await rightOf(fit(tables(2), table(60), { start }))
    expect(right(fitFromText(tables(2), right(fitToText(tables(2), t))))).toStrictEqual(t)
    const v = await rightOf(fit(variational(poissons(2)), counts(60)))
    expect(right(fitFromText(variational(poissons(2)), right(fitToText(variational(poissons(2)), v))))).toStrictEqual(v)
  })

  test.each(['$float64', '$number', '$$', '__proto__', 'constructor', 'toString', 'then', '_tag', 'length', '0', ''])(
    'comes back with a column called %j',
    async name => {
      const named = <A>(of: (column: string) => A) => Object.fromEntries([name, 'b'].map(c => [c, of(c)]))
      const mixture = right(
        latentClassMixture({ components: 2, concentration: 2, columns: named(() => 3), cellConcentration: 2 }),
      )
      const cells = Array.from({ length: 40 }, (_, n) => named(c => (c === 'b' ? (n * n) % 3 : (n * 7) % 3)))
      const fitted = await rightOf(fit(mixture, cells, { start, iterations: 3 }))
      expect(Object.keys(fitted.components[0]!).sort()).toEqual([name, 'b'].sort())
      const back = right(fitFromText(mixture, right(fitToText(mixture, fitted))))
      // A strict comparison takes what is called `constructor` for one.
      expect(toText(back)).toEqual(toText(fitted))
      expect((await rightOf(predict(mixture, back, cells))).assignments).toEqual(fitted.assignments)
      const without = await fit(mixture, [{ b: 1 }], { start: { _tag: 'random-rows' } })()
      expect(E.isLeft(without) && describeFitError(without.left)).toContain(`column ${name}: nothing (the row has b)`)
      // Rows that inherit their columns, with BigInts, as databases give them.
      if (name in Object.prototype) return
      const lazy: typeof cells = cells.map(row => Object.create(named(c => BigInt(row[c]!))))
      expect((await rightOf(predict(mixture, back, lazy))).assignments).toEqual(fitted.assignments)
    },
  )

  test('of something else is refused', async () => {
    const g = await rightOf(fit(gaussians(2), rows, { start, iterations: 2 }))
    const text = right(fitToText(gaussians(2), g))
    const message = (result: E.Either<Parameters<typeof describeFitError>[0], unknown>): string =>
      E.isLeft(result) ? describeFitError(result.left) : 'no error'
    expect(message(fitFromText(gaussians(3), text))).toContain('mixture')
    expect(message(fitFromText(gaussians(2, { concentration: 7 }), text))).toContain('definition')
    expect(message(fitFromText(gaussians(2), text.slice(0, 50)))).toContain('JSON')
    expect(message(fitFromText(gaussians(2), text.replace('"version":5', '"version":9')))).toContain('version is 9')
    const whole = right(fromText(text)) as object
    const broken = toText({ ...whole, fit: { ...g, components: [{ mean: [0] }, { mean: [1] }] } })
    expect(message(fitFromText(gaussians(2), broken))).toContain('components')
  })
})

describe('agreement', () => {
  test.each([
    [
      'the same with other numbers',
      [0, 0, 1, 1, 2],
      [2, 2, 0, 0, 1],
      { adjustedRandIndex: 1, matching: [2, 0, 1], matched: 1 },
    ],
    ['one that differs', [0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1], { matching: [0, 1], matched: 5 / 6 }],
    ['other numbers of components', [0, 0, 1, 1], [0, 1, 2, 2], { matched: 3 / 4 }],
    ['those known of both', [0, -1, 1, 5], [3, 0, 2, -1], { adjustedRandIndex: 1, matching: [3, 2], matched: 1 }],
    ['nothing', [], [], { adjustedRandIndex: 1, matching: [], matched: 1 }],
  ])('%s', (_, a, b, expected) => expect(right(compareAssignments(a, b))).toMatchObject(expected))

  test('of six with one that differs is 0.3243..., as counted by hand', () => {
    // Pairs together: 3 + 3, 1 + 6, in both 1 + 3; expected 6 * 7 / 15.
    const { adjustedRandIndex } = right(compareAssignments([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]))
    expect(adjustedRandIndex).toBeCloseTo((4 - 2.8) / (6.5 - 2.8), 12)
  })

  test('of independent partitions is about zero', () => {
    const stream = random(1)
    const draw = () => Array.from({ length: 5000 }, () => stream.integer(4))
    expect(Math.abs(right(compareAssignments(draw(), draw())).adjustedRandIndex)).toBeLessThan(0.01)
  })
})
