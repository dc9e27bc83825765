import { gammaPoissonPrior, multivariateNormal } from '@conjugate/distributions'
import {
  bestBy,
  compareAssignments,
  conjugateMixture,
  describeFitError,
  type FitError,
  fit,
  gaussianMixture,
  hiddenMarkovModel,
  maximumLikelihoodGaussianMixture,
  onlineFit,
  poissonMixture,
  posteriors,
  predict,
  variational,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'
import { gaussians } from './support.js'

const rows = [
  [0, 0],
  [1, 1],
  [6, 5],
  [5, 6],
]
const prior = {
  mean: [0, 0],
  meanPrecision: 1,
  degreesOfFreedom: 4,
  scale: [
    [1, 0],
    [0, 1],
  ],
}
const at = (m: number) =>
  right(
    multivariateNormal.make({
      mean: [m, m],
      covariance: [
        [1, 0],
        [0, 1],
      ],
    }),
  )
const model = gaussians(2)
const made = { weights: [0.5, 0.5], components: [at(0), at(5)] }

const line = (result: unknown): string => {
  const found = result as E.Either<FitError, unknown>
  return E.isLeft(found) ? describeFitError(found.left) : 'accepted'
}

test.each<[unknown, string]>([
  [{ iterations: Number.NaN }, 'iterations is NaN'],
  [{ tolerance: -1 }, 'tolerance is -1'],
  [{ seed: 1.5 }, 'seed is 1.5'],
  [{ threads: 0.5 }, 'threads is 0.5'],
  [{ restarts: 2 ** 53 - 1 }, 'restarts is'],
  [{ backend: 'gpu' }, 'gpu'],
  [{ iteratoins: 5 }, 'iteratoins is an unknown option, expected iterations'],
  [{ fixed: { components: [2] } }, 'fixed.components[0] is 2, expected a whole number from 0 to 1'],
  [{ fixed: { weight: true } }, 'fixed.weight is unknown, expected components or weights'],
  [{ order: 'count' }, 'order is "count"'],
  [{ start: { _tag: 'kmeans' } }, 'start._tag is "kmeans"'],
  [
    { start: { _tag: 'parameters', parameters: { ...made, weights: [3, 1] } } },
    'start.parameters.weights[0] is 3, expected a number from 0 to 1',
  ],
  [{ start: { _tag: 'parameters', parameters: { ...made, weights: [1, -1] } } }, 'weights[1] is -1'],
  [{ start: { _tag: 'parameters', parameters: { ...made, components: [at(0)] } } }, 'components is an array of 1'],
  [
    {
      start: { _tag: 'parameters', parameters: { ...made, components: [at(0), { mean: [0, 0], covariance: [[1]] }] } },
    },
    'start.parameters.components[1].covariance',
  ],
  [{ checkpoint: {} }, 'checkpoint.storage is missing'],
  [{ signal: {} }, 'signal.aborted is missing'],
  [null, 'options is null'],
  [[], 'options is []'],
  [7, 'options is 7'],
])('fit says what is wrong with %j', async (options, message) => {
  expect(line(await fit(model, rows, options as never)())).toContain(message)
})

test.each<[string, () => unknown, string]>([
  [
    'unknown option',
    () => gaussianMixture({ components: 2, concentrations: 2, prior } as never),
    'expected concentration',
  ],
  ['no options', () => gaussianMixture(null as never), 'options is null'],
  [
    'endless components',
    () => gaussianMixture({ components: Number.POSITIVE_INFINITY, concentration: 2, prior }),
    'components is Infinity',
  ],
  [
    'a thousand million',
    () => poissonMixture({ components: 1e9, concentration: 2, prior: { shape: 2, rate: 1 } }),
    'from 1 to 65536',
  ],
  ['large covariances', () => maximumLikelihoodGaussianMixture({ components: 60_000, columns: 4096 }), 'from 1 to 4'],
  ['many states', () => hiddenMarkovModel({ states: 1e5, prior }), 'from 1 to 8192'],
  [
    'a prior that is none',
    () => conjugateMixture(gammaPoissonPrior)({ components: 2, concentration: 2, prior: { shape: -1, rate: 1 } }),
    'prior.shape is -1',
  ],
  [
    'three priors for two',
    () =>
      conjugateMixture(gammaPoissonPrior)({
        components: 2,
        concentration: 2,
        prior: new Array(3).fill({ shape: 2, rate: 1 }),
      }),
    'prior is an array of 3',
  ],
  ['other lengths', () => compareAssignments([0, 1, 1], [0, 1]), 'second is'],
  ['no candidates', () => bestBy([], 'bic'), 'candidates is []'],
])('%s', (_, make, message) => expect(line(make())).toContain(message))

test('a Promise of a model is told to be one', async () => {
  const promised = Promise.resolve(model) as unknown as typeof model
  const none = (task: unknown): Promise<unknown> => (task as () => Promise<unknown>)()
  for (const result of [
    await none(fit(promised, rows)),
    await none((fit as unknown as (m: unknown) => (r: unknown) => unknown)(promised)(rows)),
    await none(predict(promised, made, rows)),
    await none(onlineFit(promised, [rows])),
  ])
    expect(line(result)).toContain('model is a Promise')
  expect(line(await none(fit(variational(promised), rows)))).toContain('model is a Promise')
  expect(line(posteriors(Promise.resolve(made) as never)(model))).toContain('fit is a Promise')
})

test('what a prediction is given has to be of its mixture', async () => {
  const said = async (parameters: unknown): Promise<string> => line(await predict(model, parameters as never, rows)())
  expect(await said(made)).toBe('accepted')
  expect(await said({ ...made, weights: [2, 3] })).toContain('parameters.weights')
  expect(await said({ weights: [1 / 3, 1 / 3, 1 / 3], components: [at(0), at(1), at(2)] })).toContain('components')
  expect(
    await said(JSON.parse(JSON.stringify({ weights: Float64Array.of(0.5, 0.5), components: made.components }))),
  ).toContain('fitFromText')
})
