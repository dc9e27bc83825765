import * as numbers from '@conjugate/linalg'
import { right } from '@conjugate/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FunctionName, Values } from './pages/tensors.js'
import { noBrowser, type OpenPage, open } from './support/chromium.js'

/** The spacing of float32 at 1. */
const EPSILON = 2 ** -23

const noise = (length: number, seed: number): number[] => {
  let state = seed
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.fround(state / 2 ** 31 - 1)
  })
}

/** A symmetric positive definite matrix of float32 with about the condition number that is asked for. */
const conditioned = (d: number, condition: number, seed: number): numbers.Matrix => {
  const roots = numbers.principalAxes({ rows: d, columns: d, data: noise(d * d, seed) }).map(({ axis }) => axis)
  return numbers.square(d, (i, j) =>
    Math.fround(
      roots.reduce((sum, axis, k) => sum + axis[i]! * axis[j]! * condition ** (d === 1 ? 0 : -k / (d - 1)), 0),
    ),
  )
}

const batch = (matrices: ReadonlyArray<numbers.Matrix>): Values => ({
  values: matrices.flatMap(m => Array.from(m.data, Math.fround)),
  shape: [matrices.length, matrices[0]!.rows, matrices[0]!.columns],
})

const largest = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => Math.max(a, Math.abs(b)), 0)

const CONDITIONS = [1, 1e2, 1e4]

describe.skipIf(noBrowser)(`tensors on a GPU${noBrowser ? `: skipped, ${noBrowser}` : ''}`, () => {
  let opened: OpenPage
  beforeAll(async () => {
    opened = await open('tensors.html')
  })
  afterAll(() => opened?.close())

  describe.each(['webgl', 'webgpu'])('%s', backend => {
    beforeAll(async () => {
      expect(await opened.page.evaluate(name => globalThis.tensorHost.use(name), backend)).toBe(backend)
    })

    const run = async (name: FunctionName, inputs: ReadonlyArray<Values>, order = 0): Promise<number[]> => {
      const found = await opened.page.evaluate(([f, xs, times]) => globalThis.tensorHost.run(f, xs, times), [
        name,
        inputs,
        order,
      ] as const)
      if (typeof found === 'string') throw new Error(found)
      return found
    }

    /** Errors as shares of the largest entry of what is right, matrix by matrix. */
    const expectWithin = (
      actual: ReadonlyArray<number>,
      expected: ReadonlyArray<ArrayLike<number>>,
      tolerances: number[],
    ) => {
      expect(actual.length).toBe(expected.reduce((sum, { length }) => sum + length, 0))
      let at = 0
      for (const [n, matrix] of expected.entries()) {
        const size = largest(matrix)
        for (const v of Array.from(matrix)) {
          const found = actual[at++]!
          expect(Math.abs(found - v), `matrix ${n}: ${found} for ${v}`).toBeLessThanOrEqual(tolerances[n]! * size)
        }
      }
    }

    test.each([1, 2, 3, 5, 6, 7, 8, 9, 20])('matrices of %d rows are right to their condition', async d => {
      const conditions = d === 1 ? [1, 1, 1] : CONDITIONS
      const matrices = conditions.map((condition, n) => conditioned(d, condition, d + n))
      const factors = matrices.map(a => right(numbers.cholesky(a)))
      // Of a backward stable algorithm, and once more for what follows on one.
      const once = conditions.map(condition => 2 * d * EPSILON * condition)
      expectWithin(
        await run('cholesky', [batch(matrices)]),
        factors.map(f => f.data),
        once,
      )
      expectWithin(
        await run('symmetricInverse', [batch(matrices)]),
        factors.map(f => numbers.inverse(f).data),
        once.map(t => 2 * t),
      )
      const l = factors.map(f => ({ ...f, data: Float64Array.from(f.data, Math.fround) }))
      const determinants = await run('logDeterminant', [batch(l)])
      for (const [n, f] of l.entries())
        expect(Math.abs(determinants[n]! - numbers.logDeterminant(f))).toBeLessThanOrEqual(
          2 * d * EPSILON * Math.log(1e4),
        )
      const b = l.map((_, n) => ({ rows: d, columns: 3, data: noise(3 * d, 9 + n) }))
      const solutions = l.map((factor, n) => {
        const w = numbers.invertLower(factor)
        return {
          plain: numbers.matrixProduct(w, b[n]!),
          transposed: numbers.matrixProduct(numbers.transpose(w), b[n]!),
        }
      })
      const ofRoot = conditions.map(condition => 2 * d * EPSILON * Math.sqrt(condition))
      const upper = batch(l.map(numbers.transpose))
      expectWithin(
        await run('solve', [batch(l), batch(b)]),
        solutions.map(s => s.plain.data),
        ofRoot,
      )
      expectWithin(
        await run('solveTransposed', [batch(l), batch(b)]),
        solutions.map(s => s.transposed.data),
        ofRoot,
      )
      expectWithin(
        await run('solveUpper', [upper, batch(b)]),
        solutions.map(s => s.transposed.data),
        ofRoot,
      )
    })

    test.each([2, 9])(
      'of %d rows, a matrix that has no factor is NaN all over, and its neighbours are not',
      async d => {
        const good = numbers.identity(d)
        for (const bad of [-1, 0, Number.NaN]) {
          const none = numbers.square(d, (i, j) => (i === j ? (i === 1 ? bad : 1) : 0))
          for (const name of ['cholesky', 'symmetricInverse'] as const) {
            const found = await run(name, [batch([good, none, good])])
            const size = d * d
            expect(found.slice(0, size), `${name} beside ${bad}`).toEqual(Array.from(good.data))
            expect(found.slice(size, 2 * size).every(Number.isNaN)).toBe(true)
            expect(found.slice(2 * size)).toEqual(Array.from(good.data))
          }
        }
      },
    )

    const positive = Array.from({ length: 2000 }, (_, i) => Math.fround(Math.exp(-9 + i / 100)))
    const near = Array.from({ length: 1000 }, (_, i) => Math.fround(0.4 + i / 400))

    // In float32 a digit is lost where terms cancel, next to the zeros of log Gamma and digamma.
    test.each([
      ['logGamma', numbers.logGamma],
      ['digamma', numbers.digamma],
      ['trigamma', numbers.trigamma],
      ['multivariateLogGamma3', (x: number) => numbers.multivariateLogGamma(3)(x)],
      ['multivariateDigamma3', (x: number) => numbers.multivariateDigamma(3)(x)],
    ] as const)('%s is right in float32', async (name, f) => {
      const x = [...positive, ...near].map(v => Math.fround(name.endsWith('3') ? v + 1.01 : v))
      const found = await run(name, [{ values: x, shape: [x.length / 8, 8] }])
      for (const [i, v] of x.entries()) {
        const expected = f(v)
        const size = Math.max(1, Math.abs(expected))
        expect(Math.abs(found[i]! - expected), `${found[i]} for ${expected} at ${v}`).toBeLessThanOrEqual(1e-6 * size)
      }
    })

    test('what no function is defined for is NaN', async () => {
      const outside = { values: [-1.5, 0, Number.NaN], shape: [3] }
      for (const name of ['logGamma', 'digamma', 'trigamma', 'polygamma3', 'multivariateLogGamma3'] as const)
        expect((await run(name, [outside])).every(Number.isNaN)).toBe(true)
    })

    test('gradients, and those of gradients, are those of numbers', async () => {
      const x = [0.75, 1.5, 4, 20]
      const given = [{ values: x, shape: [4] }]
      const expectNear = (actual: number[], expected: number[], tolerance: number) => {
        for (const [i, v] of expected.entries())
          expect(Math.abs(actual[i]! - v)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(v)))
      }
      expectNear(await run('logGamma', given, 1), x.map(numbers.digamma), 1e-6)
      expectNear(await run('logGamma', given, 2), x.map(numbers.trigamma), 1e-6)
      expectNear(await run('trigamma', given, 2), await run('polygamma3', given), 1e-6)
      // By differences of the first gradient, which are in float64 but for rounding of it.
      const values = noise(9, 3)
      const gradient = async (moved: number[]) => run('ofProduct', [{ values: moved, shape: [3, 3] }], 1)
      const second = await run('ofProduct', [{ values, shape: [3, 3] }], 2)
      for (let i = 0; i < 9; i += 4) {
        const at = async (h: number) =>
          (await gradient(values.map((v, j) => (i === j ? v + h : v)))).reduce((sum, v) => sum + v, 0)
        expect(Math.abs(second[i]! - ((await at(0.01)) - (await at(-0.01))) / 0.02)).toBeLessThanOrEqual(2e-3)
      }
    })

    test('what has no kernel there is refused by name', async () => {
      const x = batch([numbers.identity(2)])
      await expect(run('symmetricEigenvalues', [x])).rejects.toThrow(
        `ConjugateSymmetricEigen on the backend ${backend} of TensorFlow.js: there is no kernel for it`,
      )
      await expect(run('regularizedGamma', [x, x])).rejects.toThrow('cpu, wasm and tensorflow have one')
    })
  })

  test('neither the bundler nor the page complained', () => expect(opened.complaints).toEqual([]))
})
