import { describeUnreadableData, describeValue, inWords, matrix, type RowsLike, readNumbers } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const detached = (): Float64Array => {
  const numbers = Float64Array.of(1, 2)
  structuredClone(numbers, { transfer: [numbers.buffer] })
  return numbers
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable([1, 2], {})
  revoke()
  return proxy
}

const withHole = (): number[] => {
  const row = [1, 2, 3]
  delete row[1]
  return row
}

const trap = Object.defineProperty({}, 'length', {
  get: () => {
    throw new Error('trap')
  },
})

const messageOf = (result: E.Either<unknown, unknown>): string => {
  if (E.isRight(result)) return 'read'
  const e = result.left as Parameters<typeof describeUnreadableData>[0] & { readonly _tag: string }
  return e._tag === 'RaggedRows' ? 'ragged' : describeUnreadableData(e)
}

describe('a matrix of whatever is given', () => {
  test.each<[string, RowsLike, number | undefined, number, number, number[]]>([
    [
      'rows',
      [
        [1, 2],
        [3, 4],
      ],
      undefined,
      2,
      2,
      [1, 2, 3, 4],
    ],
    ['rows of several kinds', [Float32Array.of(1, 2), Int8Array.of(3, 4), [5, 6]], 2, 3, 2, [1, 2, 3, 4, 5, 6]],
    [
      'BigInts',
      [
        [1n, 2n],
        [-3n, 2n ** 53n - 1n],
      ],
      undefined,
      2,
      2,
      [1, 2, -3, 2 ** 53 - 1],
    ],
    ['a matrix of BigInts', { rows: 2, columns: 1, data: BigInt64Array.of(7n, -8n) }, 1, 2, 1, [7, -8]],
    ['one column of numbers', [1, 2, 3], 1, 3, 1, [1, 2, 3]],
    ['one column of float64', Float64Array.of(4, 5), 1, 2, 1, [4, 5]],
    ['one column of BigInts', BigUint64Array.of(4n, 5n), 1, 2, 1, [4, 5]],
    ['no rows', [], 3, 0, 0, []],
    ['an array-like', { length: 1, 0: { length: 2, 0: 1, 1: 2 } } as never, undefined, 1, 2, [1, 2]],
    ['a proxy', new Proxy([[1, 2]], {}), undefined, 1, 2, [1, 2]],
    ['NaN, which those say who compute', [[Number.NaN]], undefined, 1, 1, [Number.NaN]],
  ])('%s', (_, source, known, rows, columns, data) => {
    expect(matrix(source, known)).toEqual(E.right({ rows, columns, data: Float64Array.from(data) }))
  })

  test('one of float64 is taken as it is', () => {
    const m = { rows: 1, columns: 2, data: Float64Array.of(1, 2) }
    const read = matrix(m)
    expect(E.isRight(read) && read.right.data).toBe(m.data)
  })

  test.each<[string, unknown, number | undefined, string]>([
    [
      'null in a row',
      [
        [1, 2],
        [3, null],
      ],
      undefined,
      'row 1, column 1: null, expected a finite number',
    ],
    [
      'a text',
      [
        [1, 2],
        [3, '4'],
      ],
      undefined,
      'row 1, column 1: "4", expected a finite number',
    ],
    ['an empty text', [['', 2]], undefined, 'row 0, column 0: "", expected a finite number'],
    ['a boolean', [[1, true]], undefined, 'row 0, column 1: true, expected a finite number'],
    ['a list', [[1, []]], undefined, 'row 0, column 1: [], expected a finite number'],
    ['a hole', [withHole()], undefined, 'row 0, column 1: nothing, expected a finite number'],
    ['a symbol', [[Symbol('x'), 1]], undefined, 'row 0, column 0: a symbol, expected a finite number'],
    [
      'a large BigInt',
      [[1n], [2n ** 60n]],
      undefined,
      'row 1, column 0: 1152921504606846976n, expected a finite number; a BigInt has to be below 2^53 in size',
    ],
    ['a row of null', [[1, 2], null], undefined, 'row 1: null, expected a list of 2 numbers such as [1, 2]'],
    ['ragged rows', [[1, 2], [3]], undefined, 'ragged'],
    ['objects', [{ x: 1 }, { x: 2 }], 1, 'row 0: {x: 1}, expected a list of 1 number such as [1]'],
    ['texts for rows', ['12', '34'], 2, 'row 0: "12", expected a list of 2 numbers such as [1, 2]'],
    ['a list of numbers for two columns', [1, 2, 3], 2, 'row 0: 1, expected a list of 2 numbers such as [1, 2]'],
    [
      'a list of numbers for nobody knows how many',
      [1, 2, 3],
      undefined,
      'row 0: 1, expected a list of numbers such as [1]',
    ],
    ['null in the one column', [1, null], 1, 'row 1, column 0: null, expected a finite number'],
    ['nothing', undefined, undefined, 'the data: nothing, expected rows of numbers such as [[1, 2], [2, 3]]'],
    ['a number', 3, 1, 'the data: 3, expected rows of numbers such as [[1], [2]]'],
    ['a text for all', '[[1]]', 1, 'the data: "[[1]]", expected rows of numbers such as [[1], [2]]'],
    ['a Promise', Promise.resolve([[1]]), 1, 'the data: a Promise, which has to be awaited first, expected'],
    ['an Either', E.right([[1]]), 1, 'the data: an Either (Right), which has to be unwrapped first, expected'],
    [
      'a tensor',
      { shape: [1, 1], dataSync: () => Float32Array.of(1) },
      1,
      'the data: a tensor, whose array() has to be awaited first',
    ],
    ['columns by name', { a: [1, 2], b: [3, 4] }, 2, 'the data: {a: [1, 2], b: [3, 4]}, expected rows of numbers'],
    ['a DataView', new DataView(new ArrayBuffer(8)), 1, 'the data: a DataView, expected'],
    [
      'rows that are no number',
      { rows: 1.5, columns: 2, data: [1, 2, 3] },
      2,
      'rows of the matrix: 1.5, expected a whole number of at least 0',
    ],
    [
      'columns that are no number',
      { rows: 1, columns: '2', data: [1, 2] },
      2,
      'columns of the matrix: "2", expected a whole number of at least 0',
    ],
    [
      'too few numbers',
      { rows: 2, columns: 2, data: [1, 2, 3] },
      2,
      'data of the matrix: 3 numbers, expected 4, for 2 rows of 2',
    ],
    [
      'null in a matrix',
      { rows: 2, columns: 2, data: [1, 2, 3, null] },
      2,
      'row 1, column 1: null, expected a finite number',
    ],
    [
      'memory that has moved away',
      { rows: 1, columns: 2, data: detached() },
      2,
      'data of the matrix: 0 numbers, expected 2',
    ],
    ['rows whose memory has moved away', [[1, 2], detached()], 2, 'ragged'],
    ['a getter that throws', trap, 2, 'the data: something that cannot be read: "trap", expected rows of numbers'],
    ['more rows than there is memory for', [{ length: 2 ** 53 - 1, 0: 1 }], undefined, 'something that cannot be read'],
  ])('is none of %s', (_, source, known, message) => {
    expect(messageOf(matrix(source as RowsLike, known))).toContain(message)
  })
})

test('nor of a proxy that is gone', () => {
  expect(messageOf(matrix(revoked() as RowsLike))).toContain('the data: something that cannot be read')
})

test.each<[string, unknown, string]>([
  ['null', [1, null], 'rowWeights, row 1: null, expected a finite number'],
  ['a text for numbers', '12', 'rowWeights: "12", expected a list of numbers such as [1, 2]'],
  ['nothing', undefined, 'rowWeights: nothing, expected a list of numbers'],
  ['a length that is all there is', { length: 1e9 }, 'rowWeights, row 0: nothing'],
])('no numbers are %s', (_, source, message) => {
  expect(messageOf(readNumbers(source, 'rowWeights'))).toContain(message)
})

test.each<[unknown, string]>([
  [Number.NaN, 'NaN'],
  [-0, '-0'],
  [3n, '3n'],
  ['2', '"2"'],
  ['a\nb', '"a\\nb"'],
  [undefined, 'nothing'],
  [Symbol('s'), 'a symbol'],
  [() => 1, 'a function'],
  [new Date(0), 'a Date'],
  [new Map(), 'a Map'],
  [{ a: 1, 'b c': [1, 'x'] }, '{a: 1, "b c": [1, "x"]}'],
  [Array.from({ length: 1000 }, (_, i) => i), '[0, 1, 2, 3, ... 996 more]'],
  [new Float64Array(1e6), 'Float64Array [0, 0, 0, 0, ... 999996 more]'],
  [trap, '{}'],
  [Object.create(null), '{}'],
  [{ _tag: 'rows' }, '{_tag: "rows"}'],
  [Object.create({ constructor: undefined }), '{}'],
  [Object.create({ constructor: { name: 'a\nb' } }), 'a a b'],
])('%# is described on a short line', (value, text) => {
  expect(describeValue(value)).toBe(text)
})

test('what throws is described, too', () => {
  expect(describeValue(revoked())).toBe('something that cannot be read')
})

test('words are as they are', () => {
  expect(inWords('3 numbers')).toBe('3 numbers')
  expect(inWords(new Array(1000).fill(0))).toBe('[0, 0, 0, 0, ... 996 more]')
})

test('whatever is described, it takes at most 60 characters', () => {
  const long = 'x'.repeat(1e5)
  for (const value of [
    long,
    { [long]: long },
    [long, long, long],
    10n ** 500n,
    Array.from({ length: 9 }, () => [long]),
  ])
    expect(describeValue(value).length).toBeLessThanOrEqual(60)
})
