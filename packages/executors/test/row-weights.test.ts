import { grouped, type LoadedRows, wasm, wasmThreads } from '@conjugate/executors'
import { describe, expect, test } from 'vitest'
import { inTwoPlaces } from './own/in-two-places.js'
import { available } from './support/executors.js'
import { naive } from './support/naive.js'
import { kinds, randomDensities, randomProduct, randomRows, uniforms, withGaps } from './support/random.js'
import { expectNear, failure, loadFor, success, sumsOf } from './support/run.js'

const ways = available.flatMap(([name, executor]) => [
  [name, executor] as const,
  [`${name}, equal rows grouped`, grouped(executor)] as const,
])

/** Weights between 0 and 2, of which a third are 0. */
const randomWeights = (rows: number, seed: number): Float64Array =>
  Float64Array.from({ length: rows }, uniforms(seed)).map(u => Math.max(0, 3 * u - 1))

/** The sums of an E-step and its log-likelihood, by name. */
const numbersOf = async (expectation: ReturnType<LoadedRows['expectation']>) => {
  const { statistics, logLikelihood } = await success(expectation)
  return { ...sumsOf(statistics), logLikelihood: Float64Array.of(logLikelihood) }
}

describe.each(
  ways.flatMap(([name, executor]) => kinds.map(([kind, random]) => [name, kind, executor, random] as const)),
)('weights of rows given to %s for an E-step on %s densities', (name, _kind, executor, random) => {
  test.each([
    [0, 2, 2],
    [1, 1, 1],
    [7, 2, 3],
    [257, 3, 2],
    [1000, 9, 4],
    [9000, 3, 2],
  ])('%d rows of %d columns, %d components', async (rows, columns, components) => {
    const densities = random(components, columns, 3)
    // Of few values, so that there are equal rows.
    const values = randomRows(rows, columns, 3).map(Math.round)
    const data = densities._tag === 'Product' ? withGaps(values, densities, 0.2, 1) : values
    const [atLoad, given] = [randomWeights(rows, 5), randomWeights(rows, 6)]
    const expected = await loadFor(executor, densities, data, { rowWeights: given })
    const loadedWith = await numbersOf(expected.expectation(densities))
    const { logLikelihood, weight } = naive(data, densities, given)
    for (const options of [{}, { rowWeights: atLoad }]) {
      const loaded = await loadFor(executor, densities, data, options)
      const before = await numbersOf(loaded.expectation(densities))
      const actual = await numbersOf(loaded.expectation(densities, { rowWeights: given }))
      // Groups are in another order where they weigh something else.
      if (name.includes('grouped'))
        for (const [what, found] of Object.entries(actual)) expectNear(found, loadedWith[what as 'logLikelihood'], what)
      else expect(actual).toEqual(loadedWith)
      expectNear(actual.logLikelihood, [logLikelihood], 'log-likelihood')
      expectNear(actual['weight' as 'logLikelihood'], weight, 'weight')
      expect(await numbersOf(loaded.expectation(densities))).toEqual(before)
      expect(await numbersOf(loaded.expectation(densities, {}))).toEqual(before)
      loaded.dispose()
    }
    expected.dispose()
  })
})

test.each([...ways, ['an executor of somebody else', inTwoPlaces(available[0]![1])] as const])(
  '%s refuses weights that are none',
  async (_, executor) => {
    const densities = randomDensities(2, 1, 1)
    const loaded = await loadFor(executor, densities, Float64Array.of(1, 2, 1, 1))
    const given = (rowWeights: unknown) => failure(loaded.expectation(densities, { rowWeights: rowWeights as never }))
    expect(await given([1, 1, 1])).toMatchObject({
      _tag: 'ShapeMismatch',
      what: 'rowWeights',
      expected: 4,
      received: 3,
    })
    expect(await given([1, 1, 1, -1])).toMatchObject({ _tag: 'InvalidRowWeight', value: -1 })
    expect(await given([1, 1, Number.NaN, 1])).toMatchObject({ _tag: 'InvalidRowWeight' })
    expect(await given([1, 1, null, 1])).toMatchObject({ _tag: 'UnreadableData', what: 'rowWeights' })
    expect(await given('1111')).toHaveProperty('_tag')
    loaded.dispose()
    expect(await failure(loaded.expectation(densities, { rowWeights: [1, 1, 1, 1] }))).toMatchObject({
      _tag: 'ExecutionFailed',
    })
  },
)

test.each([2, 3, 7])('%d threads give the bits of one, whatever the weights were before', async threads => {
  const [one, several] = [await success(wasm), await success(wasmThreads(threads))]
  const densities = randomProduct(3, 7, 1)
  const data = withGaps(randomRows(60_001, 7, 1), densities, 0.3, 1)
  const [a, b] = [await loadFor(one, densities, data), await loadFor(several, densities, data)]
  // At once, so that orders wait for each other.
  const orders = [undefined, 1, 2, undefined, 3].map(seed =>
    seed === undefined ? undefined : { rowWeights: randomWeights(60_001, seed) },
  )
  const asked = (rows: LoadedRows) => Promise.all(orders.map(options => success(rows.expectation(densities, options))))
  expect(await asked(b)).toEqual(await asked(a))
  a.dispose()
  b.dispose()
})
