import {
  type Densities,
  javascript,
  type LinearDensities,
  type ProductDensities,
  type QuadraticDensities,
} from '@conjugate/executors'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  factorKinds,
  randomDensities,
  randomIndexed,
  randomLinear,
  randomOffset,
  randomProduct,
  randomRows,
  uniforms,
  withConstant,
  withGaps,
} from '../../packages/executors/test/support/random.js'
import {
  allResults,
  expectIdentical,
  failure,
  load,
  loadFor,
  runAll,
  success,
} from '../../packages/executors/test/support/run.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'
import { expectFloat32 } from './support/float32.js'
import { expectWithin } from './support/near.js'
import { remoteExecutor } from './support/remote.js'

/** Rows, columns, components; none a multiple of a group of rows, and few of four. */
const shapes = [
  [0, 3, 2],
  [1, 1, 1],
  [601, 5, 3],
  [1000, 2, 7],
  [500, 40, 3],
  [9001, 3, 5],
] as const

const weightsOf = (rows: number) => Float64Array.from({ length: rows }, uniforms(rows))

const sumOf = ({ natural, columns }: LinearDensities, k: number): number =>
  natural.subarray(k * columns, (k + 1) * columns).reduce((sum, v) => sum + v, 0)

describe.skipIf(noBrowser)(`densities on a GPU${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('executors.html')
  })
  afterAll(() => opened?.close())
  const executor = (name: string) => success(remoteExecutor(opened.page, name))
  const tensors = () => opened.page.evaluate(() => globalThis.executorHost.tensors())

  const expectAsInFloat64 = async (
    name: string,
    data: Float64Array,
    densities: Densities,
    options?: Parameters<typeof runAll>[3],
  ) =>
    expectFloat32(
      await runAll(await executor(name), data, densities, options),
      await runAll(javascript, data, densities, options),
    )

  describe.each(['webgl', 'webgpu'])('%s', name => {
    describe.each(factorKinds)('%s', (_, random) => {
      // The emulation of WebGPU compiles slowly, and anew for every shape.
      test.each(name === 'webgl' ? shapes : [shapes[0], shapes[2]])(
        '%d rows of %d columns, %d components are to float32 what they are in float64',
        async (rows, columns, components) => {
          const data = randomRows(rows, columns, rows)
          const densities = random(components, columns, rows)
          await expectAsInFloat64(name, data, densities)
          await expectAsInFloat64(name, data, densities, { rowWeights: weightsOf(rows) })
        },
      )

      test('a component of weight zero has no part, and where all have none, nothing is NaN', async () => {
        const data = randomRows(601, 5, 6)
        const live = random(3, 5, 6)
        const dead = withConstant(live, 1, Number.NEGATIVE_INFINITY)
        await expectAsInFloat64(name, data, dead)
        const none = { ...live, logConstant: live.logConstant.map(() => Number.NEGATIVE_INFINITY) }
        await expectAsInFloat64(name, data, none, { rowWeights: weightsOf(601) })
      })
    })

    test.each([0, 0.3, 1])('products with %d of their cells missing are what they are in float64', async share => {
      for (const [rows, columns, components] of name === 'webgl' ? [shapes[2], shapes[5]] : [shapes[2]]) {
        const densities = randomProduct(components, columns, rows)
        const data = withGaps(randomRows(rows, columns, rows), densities, share, rows)
        await expectAsInFloat64(name, data, densities)
        await expectAsInFloat64(name, data, densities, { rowWeights: weightsOf(rows) })
        await expectAsInFloat64(name, data, withConstant(densities, 1, Number.NEGATIVE_INFINITY))
      }
    })

    test.each([0, 0.3, 1])(
      'products with offsets and indices, %d of which forbid or are missing, are what they are in float64',
      async share => {
        for (const [rows, columns, components] of name === 'webgl' ? [shapes[2], shapes[5]] : [shapes[2]]) {
          const others = randomProduct(components, columns, rows)
          for (const factors of [
            [...others.factors, randomOffset(components, 1)],
            [randomOffset(components, 1), ...others.factors],
            [randomIndexed(components, 4, 1), ...others.factors, randomIndexed(components, 9, 2)],
          ]) {
            const densities: ProductDensities = {
              ...others,
              columns: factors.reduce((sum, factor) => sum + factor.columns, 0),
              factors,
            }
            const data = withGaps(randomRows(rows, densities.columns, rows), densities, share, rows)
            await expectAsInFloat64(name, data, densities)
            await expectAsInFloat64(name, data, densities, { rowWeights: weightsOf(rows) })
          }
        }
      },
    )

    test('weights given for an E-step are those of a load, and leave neither tensors nor weights behind', async () => {
      const data = randomRows(601, 5, 2)
      for (const random of [randomLinear, randomProduct]) {
        const densities: Densities = random(3, 5, 2)
        const rowWeights = weightsOf(601)
        const own = await loadFor(await executor(name), densities, data, { rowWeights })
        const rows = await loadFor(await executor(name), densities, data)
        const before = await success(rows.expectation(densities))
        const loaded = await tensors()
        const actual = await success(rows.expectation(densities, { rowWeights }))
        expect(await tensors()).toBe(loaded)
        expect(actual).toEqual(await success(own.expectation(densities)))
        expect(await success(rows.expectation(densities))).toEqual(before)
        own.dispose()
        rows.dispose()
      }
    })

    test('every kind takes turns on the same rows, and leaves no tensor behind', async () => {
      const before = await tensors()
      const data = randomRows(601, 5, 2)
      const rows = await load(await executor(name), 5, data)
      const loaded = await tensors()
      for (const [, random] of [...factorKinds, ...factorKinds]) {
        const densities = random(3, 5, 2)
        expectIdentical(await allResults(rows, densities), await runAll(await executor(name), data, densities))
        await failure(rows.expectation(random(3, 4, 2)))
        expect(await tensors()).toBe(loaded)
      }
      rows.dispose()
      expect(await failure(rows.expectation(randomDensities(3, 5, 2)))).toMatchObject({ _tag: 'ExecutionFailed' })
      expect(await tensors()).toBe(before)
    })
  })

  test.each(factorKinds)('%s densities lose no digits to rows far from 0', async (_, random) => {
    const [columns, offset] = [3, 2 ** 20]
    const near = randomRows(601, columns, 3)
    const densities = random(4, columns, 3)
    const moved =
      densities._tag === 'Linear'
        ? { ...densities, logConstant: densities.logConstant.map((c, k) => c - offset * sumOf(densities, k)) }
        : { ...densities, mean: densities.mean.map(m => m + offset) }
    const far = near.map(x => x + offset)
    const [actual, expected] = [await runAll(await executor('webgl'), far, moved), await runAll(javascript, far, moved)]
    expectFloat32(actual, expected)
    expectWithin(1e-6, actual.responsibilities, expected.responsibilities, 'responsibilities')
  })

  test('rows whose columns are almost a combination of others keep the least direction of their covariance', async () => {
    const before = await tensors()
    const [x, noise] = [randomRows(601, 2, 8), randomRows(601, 1, 9)]
    const small = 2 ** -16
    const data = Float64Array.from(
      Array.from({ length: 601 }, (_, n) => [
        x[2 * n]!,
        x[2 * n + 1]!,
        x[2 * n]! + x[2 * n + 1]! + small * noise[n]!,
      ]).flat(),
    )
    // (z - x - y) / small is whitened already.
    const whitening = [1, 0, 0, 0, 1, 0, -1 / small, -1 / small, 1 / small]
    const densities: QuadraticDensities = {
      ...randomDensities(2, 3, 8),
      mean: Float64Array.of(0.5, 0.5, 1, -0.5, 0, -0.5),
      whitening: Float64Array.of(...whitening, ...whitening),
    }
    const [actual, expected] = [
      await runAll(await executor('webgl'), data, densities),
      await runAll(javascript, data, densities),
    ]
    expectFloat32(actual, expected)
    // u' O u of the direction u = (-1, -1, 1), in which float64 keeps 6 digits.
    const least = ({ outer }: typeof actual) =>
      [0, 9].map(at => {
        const o = (i: number, j: number) => outer[at + 3 * i + j]!
        return (o(0, 0) + o(1, 1) + o(2, 2) + 2 * (o(1, 0) - o(2, 0) - o(2, 1))) / small ** 2
      })
    expectWithin(1e-5, least(actual), least(expected), 'least direction')
    for (const [, random] of factorKinds.slice(1)) {
      const other = random(2, 3, 8)
      // Logarithms of one sign, so that their sum is of their size.
      const negative = { ...other, logConstant: other.logConstant.map(c => c - 10) }
      await expectAsInFloat64('webgl', data, negative)
    }
    expect(await tensors()).toBe(before)
  })

  test('what linear densities have in common keeps all of its digits', async () => {
    const data = randomRows(601, 3, 9)
    const { natural, ...densities } = randomLinear(3, 3, 9)
    const common = [3e5, -7e6, 1e4]
    const raised: LinearDensities = { ...densities, natural: natural.map((v, i) => v + common[i % 3]!) }
    const [actual, expected] = [
      await runAll(await executor('webgl'), data, raised),
      await runAll(javascript, data, raised),
    ]
    expectFloat32(actual, expected)
    expectWithin(1e-5, actual.responsibilities, expected.responsibilities, 'responsibilities')
    expectWithin(1e-12, [actual.logLikelihood], [expected.logLikelihood], 'log-likelihood')
  })

  test('a natural parameter for a probability of 0 is taken for that, and for nothing where there is nothing', async () => {
    const categories = Array.from({ length: 300 }, (_, n) => n % 3)
    const data = Float64Array.from(categories.flatMap(c => [0, 1, 2].map(i => Number(i === c))))
    const [a, b, zero] = [Math.log(0.3), Math.log(0.7), -1e300]
    const densities: LinearDensities = {
      _tag: 'Linear',
      components: 2,
      columns: 3,
      natural: Float64Array.of(a, zero, b, b, a, zero),
      logConstant: Float64Array.of(Math.log(0.5), Math.log(0.5)),
    }
    await expectAsInFloat64('webgl', data, densities)
    const first = withConstant(densities, 1, Number.NEGATIVE_INFINITY)
    const rows = await load(await executor('webgl'), 3, data)
    const { logLikelihood, statistics } = await success(rows.expectation(first))
    expect(logLikelihood).toBe(Number.NEGATIVE_INFINITY)
    expectWithin(1e-6, statistics.weight, [200, 0], 'weight')
    rows.dispose()
  })

  test('neither the bundler nor the page complained', () => {
    expect(opened.complaints).toEqual([])
  })
})
