import { random } from '@conjugate/distributions'
import { javascript } from '@conjugate/executors'
import {
  compareComponents,
  componentsOf,
  describeFitError,
  type FitError,
  fit,
  fitFromText,
  fitToText,
  gibbs,
  initialParameters,
  logPosteriorPredictive,
  markovChain,
  modelOf,
  onlineFit,
  onRows,
  posteriors,
  predict,
  sample,
  statisticsOf,
  tiedGaussianMixture,
  variational,
} from '@conjugate/models'
import { right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { expect, test } from 'vitest'
import { clouds, gaussians, poissons } from './support.js'

const mixture = poissons(2)
type Mixture = typeof mixture
const counts = [3, 4, 30, 31, 5, 29]
const start = { _tag: 'k-means' } as const
const fitted = await rightOf(fit(mixture, counts, { start, iterations: 2 }))

const fail = (): never => {
  throw new Error('out of paper')
}

/** The mixture with a function of somebody else in place of one of its own. */
const broken: Record<string, Mixture> = {
  'model.components.load': withComponents({ load: () => async () => fail() }),
  'model.components.onePass.expectation': onLoaded(({ onePass }) => ({ onePass: { ...onePass, expectation: fail } })),
  'model.components.maximize': onLoaded(() => ({ maximize: fail })),
  'model.components.logPrior': onLoaded(() => ({ logPrior: fail })),
  'model.components.start': onLoaded(() => ({ start: fail })),
  'model.components.draw': withComponents({ draw: () => fail }),
  'model.components.steps.maximize': withComponents({ steps: { ...mixture.components.steps, maximize: fail } }),
  'model.components.statistics': withComponents({ statistics: fail }),
  'model.components.parts.designMatrix': withComponents({ parts: { ...mixture.components.parts, designMatrix: fail } }),
  'model.components.parts.sample': withComponents({ parts: { ...mixture.components.parts, sample: () => fail } }),
  'model.components.pair.update': withComponents({ pair: { ...mixture.components.pair, update: () => fail } }),
  'model.labels.bind': { ...mixture, labels: { ...mixture.labels, bind: fail } },
  'model.labels.estimate.check': {
    ...mixture,
    labels: { ...mixture.labels, estimate: { ...mixture.labels.estimate!, check: fail } },
  },
}

function withComponents(change: object): Mixture {
  return { ...mixture, components: { ...mixture.components, ...change } }
}

type Load = Mixture['components']['load']
type Loaded = ReturnType<Load> extends TE.TaskEither<unknown, infer A> ? A : never

function onLoaded(change: (loaded: Loaded) => object): Mixture {
  const load: Load = (...args) =>
    pipe(
      mixture.components.load(...args),
      TE.map(loaded => ({ ...loaded, ...change(loaded) })),
    )
  return withComponents({ load })
}

type Result = E.Either<FitError, unknown>

const last = async (results: AsyncIterable<Result>): Promise<Result> => {
  let found: Result = E.right('nothing')
  for await (const result of results) found = result
  return found
}

/** Each call that a mixture comes to. */
const calls: Record<string, (mixture: Mixture) => Promise<Result> | Result> = {
  fit: model => fit(model, counts, { start, iterations: 2 })(),
  'fit by SQUAREM': model => fit(model, counts, { start, iterations: 4, acceleration: 'squarem' })(),
  predict: model => predict(model, fitted, counts)(),
  initialParameters: model => initialParameters(model, counts, start, random(1))(),
  statisticsOf: model => statisticsOf(model, counts, { rows: 6, columns: 2, data: new Float64Array(12).fill(0.5) })(),
  onlineFit: model => onlineFit(model, [counts, counts], { start })(),
  gibbs: model => last(gibbs(model, counts, { samples: 2 })),
  sample: model => sample(model, fitted)(random(1)),
  posteriors: model => posteriors(model, fitted),
  logPosteriorPredictive: model =>
    pipe(
      logPosteriorPredictive(model, fitted),
      E.chain(logDensity => logDensity(3)),
    ),
  fitFromText: model =>
    pipe(
      fitToText(mixture, fitted),
      E.chain(text => fitFromText(model, text)),
    ),
  compareComponents: async model =>
    (await compareComponents(() => E.right(model), counts, [2], { start, iterations: 2 })())[0]!.result,
  'a path': async model => {
    const bound = await onRows(model, counts, javascript)()
    if (E.isLeft(bound)) return bound
    for await (const step of bound.right.iterations(fitted)) {
      if (E.isLeft(step)) return step
      if (step.right.index > 1) break
    }
    return bound
  },
  'log p of a point': async model => {
    const bound = await onRows(model, counts, javascript)()
    return E.isLeft(bound) ? bound : bound.right.logJoint(fitted)()
  },
}

/** Functions of the mixture that a call came to. */
const told = new Set<string>()
const withoutRows = new Set(['sample', 'posteriors', 'logPosteriorPredictive', 'fitFromText'])
const withoutExecutor = new Set(['initialParameters', 'statisticsOf'])

test.each(Object.keys(calls))('%s says which function of the mixture throws', async name => {
  const call = calls[name]!
  expect(E.isRight(await call(mixture))).toBe(true)
  let failed = 0
  for (const [callback, model] of Object.entries(broken)) {
    const result = await call(model)
    // Not every call comes to every function.
    if (E.isRight(result)) continue
    failed++
    expect(result.left).toEqual({ _tag: 'CallbackFailed', callback, reason: 'out of paper' })
    told.add(callback)
  }
  expect(failed).toBeGreaterThan(0)
  if (withoutRows.has(name)) return
  const callback = withoutExecutor.has(name) ? 'model.components.parts.designMatrix' : 'model.components.load'
  expect(await call(broken[callback]!)).toMatchObject(E.left({ callback }))
})

test('functions that are told may be curried, late, or parts of what others give', () => {
  const reached = new Set<string>()
  for (const callback of Object.keys(broken)) if (told.has(callback)) reached.add(callback)
  expect(reached).toEqual(new Set(Object.keys(broken)))
})

/** A model whose halves are of somebody else, with a function that throws in the place of one of theirs. */
const halves = () => {
  const chain = right(markovChain({ states: 2, transitionConcentration: 2 }))
  const components = componentsOf(mixture)
  type Labels = typeof chain
  type Components = typeof components
  const ofLoaded = (change: object): Components => ({
    ...components,
    load: (...args) =>
      pipe(
        components.load(...args),
        TE.map(loaded => ({ ...loaded, ...change })),
      ),
  })
  const ofBound = (change: object): Labels => ({
    ...chain,
    bind: (...args) =>
      pipe(
        chain.bind(...args),
        TE.map(bound => ({ ...bound, ...change })),
      ),
  })
  const late = () => async () => fail()
  const places: Record<string, readonly [Components, Labels]> = {
    'model.components.load': [{ ...components, load: late }, chain],
    'model.components.logDensities': [ofLoaded({ logDensities: late }), chain],
    'model.components.weightedStatistics': [ofLoaded({ weightedStatistics: late }), chain],
    'model.components.maximize': [ofLoaded({ maximize: fail }), chain],
    'model.components.logPrior': [ofLoaded({ logPrior: fail }), chain],
    'model.components.start': [ofLoaded({ start: fail }), chain],
    'model.components.draw': [{ ...components, draw: () => fail }, chain],
    'model.components.variational': [{ ...components, variational: fail }, chain],
    'model.labels.bind': [components, { ...chain, bind: fail }],
    'model.labels.infer': [components, ofBound({ infer: fail })],
    'model.labels.potentials': [components, ofBound({ potentials: fail })],
    'model.labels.decode': [components, ofBound({ decode: fail })],
    'model.labels.sample': [components, ofBound({ sample: fail })],
    'model.labels.maximize': [components, ofBound({ maximize: fail })],
    'model.labels.draw': [components, ofBound({ draw: () => fail })],
    'model.labels.variational': [components, { ...chain, variational: fail }],
  }
  return Object.entries(places).map(([callback, [c, l]]) => [callback, right(modelOf(c, l))] as const)
}

test.each(halves())('a model of somebody else says that %s throws', async (callback, model) => {
  const structure = { lengths: [6] }
  const plain = right(modelOf(componentsOf(mixture), right(markovChain({ states: 2, transitionConcentration: 2 }))))
  const point = await rightOf(fit(plain, counts, { ...structure, iterations: 1 }))
  const results = [
    await fit(model, counts, { ...structure, iterations: 2 })(),
    await predict(model, point, counts, structure)(),
    await last(gibbs(model, counts, { ...structure, samples: 2 })),
    variational(model),
  ]
  const errors = results.filter(E.isLeft).map(result => result.left)
  expect(errors.length).toBeGreaterThan(0)
  for (const error of errors) expect(error).toEqual({ _tag: 'CallbackFailed', callback, reason: 'out of paper' })
})

test('draws that nobody would live to see are refused, and others can be cancelled while none is kept', async () => {
  const plain = right(modelOf(componentsOf(mixture), right(markovChain({ states: 2, transitionConcentration: 2 }))))
  const draws = {
    gibbs: (options: object) => last(gibbs(mixture, counts, options)),
    model: (options: object) => last(gibbs(plain, counts, { lengths: [6], ...options })),
  }
  for (const draw of Object.values(draws)) {
    for (const name of ['thin', 'burnIn'])
      for (const sweeps of [1e9, 2 ** 20 + 1])
        expect(await draw({ [name]: sweeps })).toMatchObject({ left: { _tag: 'InvalidOption', option: name } })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    const { signal } = controller
    expect(await draw({ thin: 2 ** 20, samples: 2, signal })).toMatchObject({ left: { _tag: 'Cancelled' } })
  }
})

test('a path refuses what a fit refuses', async () => {
  const prior = { mean: [0, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: [[1, 0], [0, 1]] } // biome-ignore format: a matrix
  const tied = right(tiedGaussianMixture({ components: 2, concentration: 2, prior }))
  const rows = clouds(20)
  const first = await rightOf(initialParameters(tied, rows, { _tag: 'random-rows' }, random(1)))
  const bound = await rightOf(onRows(tied, rows, javascript))
  const fixed = { components: [0] }
  const [of, byFit] = [await last(bound.iterations(first, { fixed })), await fit(tied, rows, { fixed })()]
  expect(of).toEqual(byFit)
  expect(E.isLeft(of) && describeFitError(of.left)).toBe(
    'fixed.components is [0], expected none, since the components share parameters',
  )
  for (const options of [{ acceleration: 'fast' }, { fixed: { components: [2] } }, { fixd: {} }, 3])
    expect(await last(bound.iterations(first, options as never))).toMatchObject(E.left({ _tag: 'InvalidOption' }))
})

test('rows that all have a weight of 0 are no missing rows', async () => {
  for (const tag of ['k-means', 'distinct-rows', 'random-rows'] as const)
    for (const task of [
      fit(gaussians(2), clouds(3), { start: { _tag: tag }, rowWeights: [0, 0, 0] }),
      fit(poissons(2), [1, 2, 3], { start: { _tag: tag }, rowWeights: [0, 0, 0] }),
    ]) {
      const result = await task()
      expect(E.isLeft(result) && describeFitError(result.left)).toBe('no row counts: the weights of all 3 are 0')
    }
})

test('a fit of a stream says where it ran', async () => {
  const { backend } = await rightOf(onlineFit(mixture, [counts, counts], { start, backend: 'javascript' }))
  expect(backend).toBe('plain JavaScript (float64)')
})
