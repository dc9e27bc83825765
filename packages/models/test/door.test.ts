import { poisson, random } from '@conjugate/distributions'
import {
  componentsOf,
  describeFitError,
  type FitError,
  fit,
  fitToText,
  type GaussianMixtureFit,
  gaussianMixture,
  gibbs,
  groupedLabels,
  hiddenMarkovModelOf,
  initialParameters,
  logPrior,
  modelOf,
  onlineFit,
  poissonMixture,
  posteriors,
  predict,
  sample,
  statisticsOf,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, expectTypeOf, test } from 'vitest'

const rows = [
  [1.0, 2.1],
  [0.9, 1.9],
  [1.2, 2.0],
  [0.8, 2.2],
  [5.1, 6.9],
  [4.9, 7.2],
  [5.0, 7.0],
  [5.3, 7.1],
]
const counts = [1, 2, 0, 1, 30, 31, 28, 35]
const gaussians = gaussianMixture({
  components: 2,
  concentration: 2,
  prior: {
    mean: [3, 4],
    meanPrecision: 0.1,
    degreesOfFreedom: 4,
    scale: [
      [1, 0],
      [0, 1],
    ],
  },
})
const poissons = poissonMixture({ components: 2, concentration: 2, prior: { shape: 1.5, rate: 0.1 } })
const chain = pipe(
  poissons,
  E.chain(mixture => hiddenMarkovModelOf(mixture)),
)
const groups = pipe(
  poissons,
  E.bindTo('mixture'),
  E.bind('labels', () => groupedLabels(2, [2, 2])),
  E.chain(({ mixture, labels }) => modelOf(componentsOf(mixture), labels)),
)

describe('the model may come first or last, bare or in the Either that made it', () => {
  const options = { iterations: 5, threads: 1 } as const

  test('to be fitted', async () => {
    const first = await rightOf(fit(gaussians, rows, options))
    expect(await rightOf(fit(right(gaussians), rows, options))).toStrictEqual(first)
    expect(await rightOf(pipe(gaussians, fit(rows, options)))).toStrictEqual(first)
    expect(await rightOf(pipe(right(gaussians), fit(rows, options)))).toStrictEqual(first)
    expectTypeOf(first).toEqualTypeOf<GaussianMixtureFit>()
  })

  test('to predict', async () => {
    const fitted = await rightOf(fit(poissons, counts, options))
    const first = await rightOf(predict(poissons, fitted, counts))
    expect(await rightOf(pipe(poissons, predict(fitted, counts)))).toStrictEqual(first)
    expect(right(pipe(poissons, posteriors(fitted)))).toStrictEqual(right(posteriors(poissons, fitted)))
  })

  test('to be sampled from, and to be learnt from a stream', async () => {
    const draws: E.Either<unknown, object>[] = []
    for await (const draw of gibbs(poissons, counts, { samples: 2 })) draws.push(draw)
    const again: unknown[] = []
    for await (const draw of pipe(poissons, gibbs(counts, { samples: 2 }))) again.push(draw)
    expect(again).toStrictEqual(draws)
    expect(draws.every(E.isRight)).toBe(true)
    const online = await rightOf(onlineFit(poissons, [counts, counts]))
    expect(await rightOf(pipe(poissons, onlineFit([counts, counts])))).toStrictEqual(online)
  })

  test('to be made variational', async () => {
    const first = await rightOf(fit(variational(right(poissons)), counts, options))
    expect(await rightOf(fit(variational(poissons), counts, options))).toStrictEqual(first)
    expect(await rightOf(pipe(variational(poissons), fit(counts, options)))).toStrictEqual(first)
  })

  test('where it is a hidden Markov model, or components with labels of another kind', async () => {
    const first = await rightOf(fit(chain, [counts], options))
    expect(await rightOf(pipe(chain, fit([counts], options)))).toStrictEqual(first)
    expect((await rightOf(pipe(chain, predict(first, [counts])))).paths).toStrictEqual(first.paths)
    const structure = { groups: [0, 0, 0, 0, 1, 1, 1, 1] }
    const grouped = await rightOf(fit(groups, counts, { ...options, ...structure }))
    expect(await rightOf(pipe(groups, fit(counts, { ...options, ...structure })))).toStrictEqual(grouped)
    expect((await rightOf(predict(groups, grouped, counts, structure))).assignments).toStrictEqual(grouped.assignments)
  })

  test('and a model that could not be made is told by all of them', async () => {
    const none = poissonMixture({ components: 0, concentration: 2, prior: { shape: 1.5, rate: 0.1 } })
    const parameters = { weights: [1], components: [right(poisson.make({ rate: 1 }))] }
    const sampled = sample(none, parameters as never)
    const results = [
      await fit(none, counts)(),
      await pipe(none, fit(counts))(),
      await predict(none, parameters as never, counts)(),
      await pipe(none, onlineFit([counts]))(),
      (await gibbs(none, counts).next()).value,
      posteriors(none, { statistics: [], expectedCounts: [] }),
      sampled({} as never),
    ]
    for (const result of results) {
      expect(result).toStrictEqual(none)
      expect(E.isLeft(result as typeof none) && describeFitError((result as E.Left<never>).left)).toContain(
        'components',
      )
    }
  })
})

describe('the compiler knows', () => {
  test('what callbacks are given, wherever the model stands', () => {
    fit(poissons, counts, { order: (a, b) => a.rate - b.rate })
    pipe(poissons, fit(counts, { order: (a, b) => a.rate - b.rate }))
    pipe(
      gaussians,
      fit(rows, {
        order: (a, b) => a.mean[0]! - b.mean[0]!,
        onIteration: ({ iteration }) => expectTypeOf(iteration.objective).toEqualTypeOf<number>(),
      }),
    )
    pipe(chain, fit([counts], { order: (a, b) => a.rate - b.rate }))
    // @ts-expect-error a Poisson has a rate
    fit(poissons, counts, { order: (a, b) => a.mean - b.mean })
    // @ts-expect-error a Poisson has a rate
    pipe(poissons, fit(counts, { order: (a, b) => a.mean - b.mean }))
  })

  test('what is data of a model, and what are its options', () => {
    // @ts-expect-error counts are numbers
    fit(poissons, [[1, 2]])
    // @ts-expect-error counts are numbers
    pipe(poissons, fit([[1, 2]]))
    // @ts-expect-error rows are no table
    fit(gaussians, [{ a: 1 }])
    // @ts-expect-error a list of sequences
    fit(chain, counts[0])
    // @ts-expect-error an option that there is none of
    fit(poissons, counts, { restart: 3 })
    // @ts-expect-error rows have to be told their groups
    fit(groups, counts)
    // @ts-expect-error rows have to be told their groups
    pipe(groups, fit(counts, { iterations: 2 }))
    // @ts-expect-error Gibbs sampling needs conjugate priors
    gibbs(variational(gaussians), rows)
  })

  test('what a wrong call would have given, so that what comes after it is no error as well', () => {
    const wrong = async () => {
      const parameters = { weights: [0.5, 0.5], components: [right(poisson.make({ rate: 1 }))] }
      // @ts-expect-error a count is no text
      const fitted = await fit(poissons, ['1'])()
      expectTypeOf(fitted).toExtend<E.Either<FitError, { readonly weights: unknown }>>()
      // @ts-expect-error an option that there is none of
      const optional = await fit(poissons, counts, { iteration: 3 })()
      expectTypeOf(optional).toExtend<E.Either<FitError, { readonly weights: unknown }>>()
      // @ts-expect-error a count is no text
      const predicted = await predict(poissons, parameters, ['1'])()
      expectTypeOf(predicted).toExtend<E.Either<FitError, { readonly assignments: Int32Array }>>()
      // @ts-expect-error a count is no text
      const online = await onlineFit(poissons, [['1']])()
      expectTypeOf(online).toExtend<E.Either<FitError, { readonly weights: unknown }>>()
      // @ts-expect-error a count is no text
      const start = await initialParameters(poissons, ['1'], { _tag: 'k-means' }, random(1))()
      expectTypeOf(start).toExtend<E.Either<FitError, { readonly weights: unknown }>>()
      // @ts-expect-error a count is no text
      const sums = await statisticsOf(poissons, ['1'], { rows: 1, columns: 2, data: [1, 0] })()
      expectTypeOf(sums).toExtend<E.Either<FitError, { readonly counts: unknown }>>()
      // @ts-expect-error a count is no text
      for await (const draw of gibbs(poissons, ['1']))
        expectTypeOf(draw).toExtend<E.Either<FitError, { readonly weights: unknown }>>()
      // @ts-expect-error a rate is a number
      const drawn = sample(poissons, { weights: [1], components: [{ rate: '1' }] })(random(1))
      expectTypeOf(drawn).toExtend<E.Either<FitError, object>>()
      // @ts-expect-error a rate is a number
      const prior = logPrior(poissons, { weights: [1], components: [{ rate: '1' }] })
      expectTypeOf(prior).toExtend<E.Either<FitError, number>>()
      // @ts-expect-error a fit is no text
      const text = fitToText(poissons, 'fit')
      expectTypeOf(text).toExtend<E.Either<FitError, string>>()
    }
    expect(wrong).toBeInstanceOf(Function)
  })

  test('what is no model', async () => {
    // @ts-expect-error a Promise
    const task = fit(Promise.resolve(gaussians), rows)
    const result = (await (task as unknown as () => Promise<unknown>)()) as E.Either<never, unknown>
    expect(E.isLeft(result) && describeFitError(result.left)).toContain('a Promise')
  })
})
