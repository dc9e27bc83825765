import * as numbers from '@conjugate/linalg'
import {
  cholesky,
  digamma,
  exp,
  logDeterminant,
  logGamma,
  logSumExp,
  multivariateDigamma,
  multivariateLogGamma,
  polygamma,
  regularizedBeta,
  regularizedGamma,
  symmetricEigenvalues,
  symmetricInverse,
  triangularSolve,
  trigamma,
} from '@conjugate/linalg/tensors'
import { right } from '@conjugate/testing'
import { tensorBackends } from '@conjugate/testing/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/** Repeatable numbers from -1 to 1, of float32. */
const noise = (length: number, seed: number): Float32Array => {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 31 - 1
  })
}

/** Symmetric positive definite matrices, whose conditions reach from 1 to about 1e6. */
const positiveDefinite = (count: number, d: number): Float32Array => {
  const roots = noise(count * d * d, d)
  const matrices = new Float32Array(count * d * d)
  for (let n = 0; n < count; n++) {
    const at = n * d * d
    for (let i = 0; i < d; i++)
      for (let j = 0; j <= i; j++) {
        let sum = i === j ? 10 ** -(n % 6) : 0
        for (let k = 0; k < d; k++) sum += roots[at + i * d + k]! * roots[at + j * d + k]!
        matrices[at + i * d + j] = sum
        matrices[at + j * d + i] = sum
      }
  }
  return matrices
}

const matricesOf = (values: Float32Array, d: number): numbers.Matrix[] =>
  Array.from({ length: values.length / d / d }, (_, n) => ({
    rows: d,
    columns: d,
    data: Float64Array.from(values.subarray(n * d * d, (n + 1) * d * d)),
  }))

/** The same in float64, rounded once. */
const rounded = (parts: ReadonlyArray<ArrayLike<number>>): Float32Array =>
  Float32Array.from(parts.flatMap(part => Array.from(part)))

/** Columns of B (D x M) through L^-1 or L'^-1; the latter is lower triangular with rows and columns in reverse. */
const solved = (l: numbers.Matrix, b: Float32Array, m: number, transposed: boolean): Float64Array => {
  const d = l.rows
  const factor = transposed ? numbers.square(d, (i, j) => l.data[(d - 1 - j) * d + d - 1 - i]!) : l
  const y = new Float64Array(d * m)
  for (let c = 0; c < m; c++) {
    const column = numbers.solveLower(
      Float64Array.from({ length: d }, (_, i) => b[(transposed ? d - 1 - i : i) * m + c]!),
    )
    for (const [i, v] of column(factor).entries()) y[(transposed ? d - 1 - i : i) * m + c] = v
  }
  return y
}

const shapes = [
  [31, 1, 1],
  [0, 4, 2],
  [201, 2, 3],
  [201, 3, 1],
  [101, 4, 5],
  [60, 6, 4],
  [12, 17, 5],
  [3, 64, 7],
] as const

describe.each(tensorBackends)('kernels on %s are those of float64, rounded once', (_, activate) => {
  beforeEach(async () => {
    await activate()
    tf.engine().startScope()
  })
  afterEach(() => tf.engine().endScope())

  /** Two zeros are alike, and so are two that are not a number. */
  const expectSame = (actual: tf.Tensor, expected: Float32Array) => {
    const values = actual.dataSync()
    expect(values.length).toBe(expected.length)
    for (let i = 0; i < expected.length; i++)
      if (values[i] !== expected[i] && !(Number.isNaN(values[i]) && Number.isNaN(expected[i])))
        expect(values[i], `at ${i}`).toBe(expected[i])
  }

  describe.each(shapes)('%d matrices of %d rows and %d right sides', (count, d, m) => {
    const x = positiveDefinite(count, d)
    const matrices = matricesOf(x, d)
    const factors = matrices.map(a => right(numbers.cholesky(a)))
    const l = rounded(factors.map(({ data }) => data))

    test('factors', () => expectSame(cholesky(tf.tensor(x, [count, d, d])), l))

    test('inverses', () =>
      expectSame(symmetricInverse(tf.tensor(x, [count, d, d])), rounded(factors.map(f => numbers.inverse(f).data))))

    test('determinants', () =>
      expectSame(
        logDeterminant(tf.tensor(l, [count, d, d])),
        Float32Array.from(matricesOf(l, d), numbers.logDeterminant),
      ))

    test.each([false, true])('solutions, transposed: %s', transposed => {
      const b = noise(count * d * m, 7)
      const expected = rounded(
        matricesOf(l, d).map((factor, n) => solved(factor, b.subarray(n * d * m, (n + 1) * d * m), m, transposed)),
      )
      const [factor, right] = [tf.tensor(l, [count, d, d]), tf.tensor(b, [count, d, m])]
      expectSame(triangularSolve(factor, right, { transposed }), expected)
      const upper = tf.tensor(rounded(matricesOf(l, d).map(f => numbers.transpose(f).data)), [count, d, d])
      expectSame(triangularSolve(upper, right, { transposed: !transposed, upper: true }), expected)
    })

    test('what is beyond the diagonal is not read', () => {
      const dirty = (values: Float32Array) =>
        tf.tensor(
          values.map((v, i) => ((i % (d * d)) % d > Math.floor((i % (d * d)) / d) ? Number.NaN : v)),
          [count, d, d],
        )
      expectSame(cholesky(dirty(x)), l)
      expectSame(symmetricInverse(dirty(x)), symmetricInverse(tf.tensor(x, [count, d, d])).dataSync() as Float32Array)
      expectSame(logDeterminant(dirty(l)), logDeterminant(tf.tensor(l, [count, d, d])).dataSync() as Float32Array)
      const b = tf.tensor(noise(count * d * m, 7), [count, d, m])
      expectSame(
        triangularSolve(dirty(l), b),
        triangularSolve(tf.tensor(l, [count, d, d]), b).dataSync() as Float32Array,
      )
      if (d < 20)
        expectSame(
          symmetricEigenvalues(dirty(x)),
          symmetricEigenvalues(tf.tensor(x, [count, d, d])).dataSync() as Float32Array,
        )
    })
  })

  const positive = Float32Array.from([
    ...[1.5e-38, 1e-10, 0.5, 1, 2, 1.4616321325302124, 0.99999994, 1.0000001, 1.9999999, 2.0000002, 10, 1e10, 3e37],
    ...noise(3000, 5).map(v => Math.exp(8 * v)),
  ])
  const above = positive.map(v => v + 1.001)

  test.each([
    ['logGamma', logGamma, numbers.logGamma, positive],
    ['digamma', digamma, numbers.digamma, positive],
    ['trigamma', trigamma, numbers.trigamma, positive],
    ['multivariateLogGamma', multivariateLogGamma(3), numbers.multivariateLogGamma(3), above],
    ['multivariateDigamma', multivariateDigamma(3), numbers.multivariateDigamma(3), above],
  ] as const)('%s', (_name, f, expected, x) => expectSame(f(tf.tensor1d(x)), x.map(expected)))

  test('incomplete functions', () => {
    const x = positive.slice(0, 300)
    const p = x.map(v => v / (1 + v))
    for (const tail of ['lower', 'upper'] as const) {
      expectSame(
        regularizedGamma(tf.tensor1d(x), tf.scalar(2.5), tail),
        x.map(a => numbers.regularizedGamma(a, 2.5, tail)),
      )
      expectSame(
        regularizedBeta(tf.scalar(2), tf.scalar(0.75), tf.tensor1d(p), tail),
        p.map(v => numbers.regularizedBeta(2, 0.75, v, 1 - v, tail)),
      )
    }
  })
})

test('the inside of TensorFlow.js that kernels reach into is that of the release they were tried with', () => {
  expect(tf.version_core).toBe('4.22.0')
})

describe.each(tensorBackends.filter(([name]) => name !== 'cpu'))('on %s', (_, activate) => {
  test.each([
    ['factors', cholesky],
    ['inverses', symmetricInverse],
    ['determinants', logDeterminant],
    ['solutions', (x: tf.Tensor) => triangularSolve(x, x)],
    ['gamma functions', multivariateLogGamma(2)],
    ['polygamma functions', polygamma(2)],
  ])('%s are computed where their inputs are', async (_name, f) => {
    await activate()
    const x = tf.eye(5)
    const reads = vi.spyOn(tf.engine().backend, 'readSync')
    tf.dispose(f(x))
    expect(reads).not.toHaveBeenCalled()
    vi.restoreAllMocks()
    x.dispose()
  })
})

test('modules of WebAssembly work over memory that threads share', async () => {
  await tensorBackends.find(([name]) => name === 'wasm')![1]()
  tf.dispose(cholesky(tf.eye(2)))
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 2 ** 16, shared: true })
  const numbersAt = new Map<object, { memoryOffset: number }>()
  let end = 16
  const makeOutput = (shape: number[], dtype: 'float32'): tf.TensorInfo => {
    const dataId = {}
    numbersAt.set(dataId, { memoryOffset: end })
    end += 4 * tf.util.sizeFromShape(shape)
    return { dataId, shape, dtype }
  }
  const threaded = { wasm: { wasmMemory: memory }, makeOutput, disposeData: () => true, dataIdMap: numbersAt }
  const [x, l] = [makeOutput([1, 2, 2], 'float32'), [2, 0, 1, Math.fround(Math.SQRT2)]]
  const values = ({ dataId }: tf.TensorInfo) => new Float32Array(memory.buffer, numbersAt.get(dataId)!.memoryOffset, 4)
  values(x).set([4, 2, 2, 3])
  const kernel = tf.getKernel('ConjugateCholesky', 'wasm')
  const factor = kernel.kernelFunc({ inputs: { x }, attrs: {}, backend: threaded as unknown as object })
  expect(Array.from(values(factor as tf.TensorInfo))).toEqual(l)
})

test('where an engine cannot compile them, the calling thread computes', async () => {
  await tensorBackends.find(([name]) => name === 'wasm')![1]()
  tf.dispose(cholesky(tf.eye(2)))
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  let written: unknown
  const backend = {
    wasm: { wasmMemory: new WebAssembly.Memory({ initial: 1 }) },
    makeOutput: () => ({}),
    disposeData: () => true,
    dataIdMap: new Map(),
    readSync: () => Float32Array.of(4, 2, 2, 3),
    write: (values: unknown) => {
      written = values
      return {}
    },
  }
  const x: tf.TensorInfo = { dataId: {}, shape: [2, 2], dtype: 'float32' }
  tf.getKernel('ConjugateCholesky', 'wasm').kernelFunc({ inputs: { x }, attrs: {}, backend: backend as object })
  expect(written).toEqual(Float32Array.of(2, 0, 1, Math.SQRT2))
  expect(validate).toHaveBeenCalled()
  vi.restoreAllMocks()
})

/** Values of 50 digits, rounded to float64. */
const polygammas: ReadonlyArray<readonly [n: number, x: number, value: number]> = [
  [0, 0.75, -1.0858608797864722],
  [1, 0.75, 2.5418796476716063],
  [2, 0.5, -16.82879664423432],
  [2, 30, -0.0011487652037286],
  [3, 1.25, 2.782144009188396],
  [3, 1000, 2.003001999999e-9],
  [5, 0.125, 31457340.659602646],
  [8, 4.5, -0.0648110520180035],
  [12, 9, -0.0002573301734239233],
]

describe.each(tensorBackends)('what there is no result for on %s', (_, activate) => {
  beforeEach(async () => {
    await activate()
    tf.engine().startScope()
  })
  afterEach(() => tf.engine().endScope())

  /** Zeros have no sign. */
  const values = (x: tf.Tensor) => Array.from(x.dataSync(), v => v + 0)

  test.each(polygammas)('the polygamma function of order %d at %d', (n, x, value) => {
    expect(values(polygamma(n)(tf.scalar(x)))).toEqual([Math.fround(value)])
  })

  test('a matrix that has no factor is NaN all over, and its neighbours are what they are', () => {
    const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY]
    const none = [
      [1, 2, 2, 1],
      [0, 0, 0, 0],
      [-1, 0, 0, 1],
      [nan, 0, 0, 1],
      [1, nan, nan, 1],
      [inf, 0, 0, 1],
      [1, 0, 0, inf],
    ]
    for (const bad of none) {
      const x = tf.tensor([4, 0, 0, 9, ...bad, 1, 0, 0, 4], [3, 2, 2])
      const nans = [nan, nan, nan, nan]
      expect(values(cholesky(x))).toEqual([2, 0, 0, 3, ...nans, 1, 0, 0, 2])
      expect(values(symmetricInverse(x))).toEqual([0.25, 0, 0, Math.fround(1 / 9), ...nans, 1, 0, 0, 0.25])
    }
  })

  test.each([1, 2, 3, 4, 5, 6])('so are matrices of %d rows in which one entry is wrong', d => {
    const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY]
    const identity = Array.from(tf.eye(d).dataSync())
    const nans = identity.map(() => nan)
    for (let i = 0; i < d; i++)
      for (let j = 0; j <= i; j++)
        for (const wrong of i === j ? [0, -1, nan, inf] : [2, nan, inf, -inf]) {
          const bad = identity.with(i * d + j, wrong)
          const x = tf.tensor([...identity, ...bad, ...identity, ...bad, ...bad], [5, d, d])
          const expected = [...identity, ...nans, ...identity, ...nans, ...nans]
          expect(values(cholesky(x)), `${wrong} at ${i}, ${j}`).toEqual(expected)
          expect(values(symmetricInverse(x)), `${wrong} at ${i}, ${j}`).toEqual(expected)
        }
  })

  test('zeros on a diagonal divide', () => {
    const l = tf.tensor([2, 0, 1, 4, 0, 0, 1, 1, 2, 0, 1, 4], [3, 2, 2])
    const b = tf.tensor([2, 5, 1, 1, 2, 5], [3, 2, 1])
    expect(values(triangularSolve(l, b))).toEqual([1, 1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1, 1])
    expect(values(logDeterminant(l))[1]).toBe(Number.NEGATIVE_INFINITY)
    expect(values(logDeterminant(tf.tensor2d([[-1]])))).toEqual([Number.NaN])
  })

  test('eigenvalues ascend, and are NaN of what is not finite', () => {
    const x = tf.tensor([1, 2, 2, 1, 4, 0, 0, 9, 1, Number.NaN, Number.NaN, 3], [3, 2, 2])
    const actual = values(symmetricEigenvalues(x))
    for (const [i, v] of [-1, 3, 4, 9].entries()) expect(actual[i]).toBeCloseTo(v, 6)
    expect(actual.slice(4)).toEqual([Number.NaN, Number.NaN])
  })

  test('functions of numbers are NaN outside of where they are defined', () => {
    const outside = tf.tensor1d([-1.5, -1, 0, Number.NaN])
    const nans = [Number.NaN, Number.NaN, Number.NaN, Number.NaN]
    for (const f of [logGamma, digamma, trigamma, polygamma(2)]) expect(values(f(outside))).toEqual(nans)
    for (const f of [multivariateLogGamma(3), multivariateDigamma(3)])
      expect(values(f(tf.add(outside, 1)))).toEqual(nans)
    expect(values(regularizedGamma(outside, tf.scalar(1)))).toEqual(nans)
    expect(values(regularizedBeta(tf.scalar(1), outside, tf.scalar(0.5)))).toEqual(nans)
    expect(values(regularizedBeta(tf.scalar(1), tf.scalar(1), tf.tensor1d([-0.1, 1.1])))).toEqual(nans.slice(2))
  })

  test('of nothing but -Infinity, the logarithm of the sum is that, and its gradient 0', () => {
    const x = tf.tensor1d([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])
    expect(values(logSumExp(x))).toEqual([Number.NEGATIVE_INFINITY])
    expect(values(tf.grad((v: tf.Tensor) => logSumExp(v))(x))).toEqual([0, 0])
    const one = tf.tensor1d([Number.NEGATIVE_INFINITY, 2])
    expect(values(tf.grad((v: tf.Tensor) => logSumExp(v))(one))).toEqual([0, 1])
  })

  test('whole numbers are numbers, and texts are none', () => {
    expect(values(logGamma(tf.tensor1d([1, 2, 3], 'int32')))).toEqual([0, 0, Math.fround(Math.LN2)])
    expect(values(exp(tf.tensor1d([0])))).toEqual([1])
    expect(() => logGamma(tf.tensor1d(['a']))).toThrow('logGamma: the type string, expected a tensor of numbers')
  })

  test('shapes that do not fit are told', () => {
    const [a, b] = [tf.ones([2, 3]), tf.ones([4, 2, 2])]
    expect(() => cholesky(a)).toThrow('cholesky: the shape [2, 3], expected square matrices [..., D, D]')
    expect(() => logDeterminant(tf.ones([3]))).toThrow('logDeterminant: the shape [3], expected square matrices')
    expect(() => triangularSolve(b, a)).not.toThrow()
    expect(() => triangularSolve(b, tf.ones([3, 2]))).toThrow('the shape [3, 2], expected right sides [..., 2, M]')
    expect(() => triangularSolve(b, tf.ones([3, 2, 1]))).toThrow(
      'the shape [4] and the shape [3], expected shapes that',
    )
    expect(() => regularizedGamma(tf.ones([2]), tf.ones([3]))).toThrow('expected shapes that broadcast')
    expect(() => polygamma(0.5)).toThrow('polygamma: the order 0.5, expected 0, 1, 2, ...')
    expect(() => multivariateLogGamma(0)).toThrow('multivariateLogGamma: 0 dimensions, expected 1, 2, ...')
  })
})
