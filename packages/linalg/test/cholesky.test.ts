import {
  cholesky,
  dot,
  identity,
  inverse,
  invertLower,
  logDeterminant,
  type Matrix,
  matrix,
  multiply,
  outer,
  row,
  solve,
  solveLower,
  square,
  subtract,
  traceOfQuotient,
  type Vector,
} from '@conjugate/linalg'
import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

const product = (a: Matrix, b: Matrix): Matrix =>
  square(a.rows, (i, j) => row(i)(a).reduce((sum, v, k) => sum + v * b.data[k * b.columns + j]!, 0))

const transpose = (m: Matrix): Matrix => square(m.rows, (i, j) => m.data[j * m.columns + i]!)

const factorOf = (m: Matrix): Matrix => {
  const factor = cholesky(m)
  if (E.isLeft(factor)) throw new Error(JSON.stringify(factor.left))
  return factor.right
}

/** B B' + I is positive definite, with eigenvalues of at least 1. */
const positiveDefinite = fc
  .integer({ min: 1, max: 8 })
  .chain(n => fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: n * n, maxLength: n * n }))
  .map(values => {
    const n = Math.sqrt(values.length)
    const b = square(n, (i, j) => values[i * n + j]!)
    const gram = product(b, transpose(b))
    return square(n, (i, j) => gram.data[i * n + j]! + (i === j ? 1 : 0))
  })

const expectMatrix = (actual: Matrix, expected: Matrix, scale = 1) => {
  for (const [i, v] of Array.from(expected.data).entries())
    expect(Math.abs(actual.data[i]! - v)).toBeLessThanOrEqual(1e-11 * scale)
}

test('factor, inverse and solve agree with the matrix', () =>
  fc.assert(
    fc.property(positiveDefinite, a => {
      const l = factorOf(a)
      const size = Math.max(...Array.from(a.data, Math.abs))
      expectMatrix(product(l, transpose(l)), a, size)
      expectMatrix(product(invertLower(l), l), identity(a.rows), size)
      expectMatrix(product(inverse(l), a), identity(a.rows), size)
      const b = Float64Array.from({ length: a.rows }, (_, i) => i + 1)
      const back = multiply(solve(b)(l))(a)
      for (const [i, v] of b.entries()) expect(Math.abs(back[i]! - v)).toBeLessThanOrEqual(1e-11 * size)
      expect(Math.abs(traceOfQuotient(l, l) - a.rows)).toBeLessThanOrEqual(1e-11 * size)
    }),
  ))

test('the log-determinant of a known matrix', () => {
  const a = square(3, (i, j) => 2 * Math.min(i + 1, j + 1)) // |min(i, j)| = 1, doubled three times
  expect(logDeterminant(factorOf(a))).toBeCloseTo(3 * Math.LN2, 14)
})

test.each([
  ['not square', { rows: 1, columns: 2, data: [1, 2] }, { _tag: 'NotSquare' }],
  ['not symmetric', square(2, (i, j) => [1, 0.5, 0.4, 1][2 * i + j]!), { _tag: 'NotSymmetric', row: 1, column: 0 }],
  ['indefinite', square(2, (i, j) => (i === j ? 1 : 2)), { _tag: 'NotPositiveDefinite', pivot: 1 }],
  ['not a number', square(1, () => Number.NaN), { _tag: 'NotPositiveDefinite', pivot: 0 }],
])('a matrix that is %s has no factor', (_, m, error) => {
  expect(cholesky(m)).toMatchObject({ left: error })
})

test('ragged rows name the row', () => {
  expect(matrix([[1, 2], [3]])).toEqual(E.left({ _tag: 'RaggedRows', row: 1, expected: 2, received: 1 }))
})

test('solutions are right, or an infinity, however far numbers in between are beyond float64', () => {
  const factor = { rows: 3, columns: 3, data: [1e-140, 0, 0, -1e-140, 1e-140, 0, 1e-200, 1e-200, 1e200] }
  const b = [1e305, -1e305, 1]
  // The first two are 1e445 and 0, and of the last 1e245 is taken.
  expect(Array.from(solveLower(b)(factor))).toEqual([Number.POSITIVE_INFINITY, 0, -1e45])
  for (const v of solve(b)(factor)) expect(v).not.toBeNaN()
})

test('what comes of a hole is Infinity, and neither NaN nor 0', () => {
  const holed: number[] = [1, 2]
  delete holed[0]
  const factor = { rows: 2, columns: 2, data: [1, 0, 1, 1] }
  const infinite = Number.POSITIVE_INFINITY
  for (const short of [holed, []]) {
    expect(dot(short)([1, 2])).toBe(infinite)
    expect(subtract(short)([1, 2])[0]).toBe(infinite)
    expect(Array.from(solve(short)(factor)).every(v => v === infinite)).toBe(true)
    expect(Array.from(solveLower(short)(factor)).every(v => v === infinite)).toBe(true)
  }
  expect(Array.from(outer(0)(holed).data)).toEqual([infinite, infinite, infinite, 0])
})

/** The factor of a matrix (n x n) by plain loops, or its first pivot that is not positive. */
const plainFactor = ({ rows: n, data: a }: Matrix): Float64Array | { pivot: number; value: number } => {
  const l = new Float64Array(n * n)
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = a[i * n + j]!
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!
      if (i === j && !(sum > 0)) return { pivot: j, value: sum }
      l[i * n + j] = i === j ? Math.sqrt(sum) : sum / l[j * n + j]!
    }
  return l
}

/** L^-1 B by plain loops, for lower triangles. */
const plainQuotient = (n: number, l: Vector, b: Vector): Float64Array => {
  const w = new Float64Array(n * n)
  for (let j = 0; j < n; j++)
    for (let i = j; i < n; i++) {
      let sum = b[i * n + j]!
      for (let k = j; k < i; k++) sum -= l[i * n + k]! * w[k * n + j]!
      w[i * n + j] = sum / l[i * n + i]!
    }
  return w
}

const covarianceOf = (n: number) => square(n, (i, j) => (i === j ? 2 * n + Math.sin(i) : Math.cos(i + j)))
const otherOf = (n: number) => square(n, (i, j) => (i === j ? n + Math.cos(i) : Math.sin(i + j)))

/** Entries that are beyond float64, and others that are not. */
const tinyOf = (n: number) => square(n, (i, j) => (i === j ? 2 ** (-4 * i) : j < i ? Math.cos(i * j) : 0))

// Many rows are left to a kernel, where it has been loaded and there is WebAssembly.
describe.each([
  ['', WebAssembly, true],
  [', without WebAssembly', undefined, false],
])('bits are those of sums in order%s', (name, host, isThere) => {
  let linalg: typeof import('@conjugate/linalg')
  beforeAll(async () => {
    vi.stubGlobal('WebAssembly', host)
    // A module of its own has not loaded anything yet.
    linalg = await import(new URL(`../dist/index.js?${name.length}`, import.meta.url).href)
    expect(await linalg.loadMatrixKernel(23)).toBe(false)
    expect(await linalg.loadMatrixKernel(24)).toBe(isThere)
  })
  afterAll(() => void vi.unstubAllGlobals())

  const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 13, 23, 24, 25, 26, 27, 33, 64, 150, 66]

  test.each(sizes)('of a factor, its inverse and a quotient, of %d rows', n => {
    const a = covarianceOf(n)
    const l = plainFactor(a) as Float64Array
    const factor = E.getOrElseW(() => expect.fail())(linalg.cholesky(a))
    expect(Array.from(factor.data)).toEqual(Array.from(l))
    const w = plainQuotient(n, l, identity(n).data)
    expect(Array.from(linalg.invertLower(factor).data)).toEqual(Array.from(w))
    const m = plainFactor(otherOf(n)) as Float64Array
    const quotient = plainQuotient(n, l, m)
    let trace = 0
    for (let j = 0; j < n; j++) for (let i = j; i < n; i++) trace += quotient[i * n + j]! ** 2
    expect(linalg.traceOfQuotient(factor, { rows: n, columns: n, data: m })).toBe(trace)
  })

  test.each(sizes)('of the pivot that is not positive, of %d rows', n => {
    const { data } = covarianceOf(n)
    for (const at of [0, n >> 1, n - 1]) {
      const indefinite = square(n, (i, j) => (i === at && j === at ? -0.5 : data[i * n + j]!))
      expect(linalg.cholesky(indefinite)).toEqual(
        E.left({ _tag: 'NotPositiveDefinite', ...(plainFactor(indefinite) as object) }),
      )
    }
  })

  test.each([12, 70, 150])('of what is in part beyond float64, of %d rows', n => {
    const l = tinyOf(n)
    const target = new Float64Array(2 + n * n)
    linalg.writeInverseOfLower(l, target, 2, 1e200)
    const plain = plainQuotient(n, l.data, square(n, (i, j) => (i === j ? 1e200 : 0)).data)
    expect(Array.from(target.subarray(2))).toEqual(Array.from(plain))
  })
})
