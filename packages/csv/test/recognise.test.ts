import { type Recognised, recognise } from '@conjugate/csv'
import { describe, expect, test } from 'vitest'

describe('columns of any kind are recognised', () => {
  const cases: ReadonlyArray<readonly [string, Iterable<unknown>, Recognised]> = [
    ['texts of numbers', ['1.5', '', '2'], { kind: 'number', missing: 1, levels: [] }],
    ['numbers', [1.5, null, 2], { kind: 'number', missing: 1, levels: [] }],
    ['a typed array', Float32Array.of(1.5, NaN, 2), { kind: 'number', missing: 1, levels: [] }],
    ['whole numbers', Uint8Array.of(3, 1, 2), { kind: 'count', missing: 0, levels: [] }],
    ['BigInts', BigInt64Array.of(3n, 1n, 2n), { kind: 'count', missing: 0, levels: [] }],
    ['two of them', [0, 1, undefined, 1], { kind: 'category', missing: 1, levels: ['0', '1'] }],
    ['yes and no', [true, false, true], { kind: 'category', missing: 0, levels: ['false', 'true'] }],
    ['names', ['Ada', 'Bob', 'Eve'], { kind: 'text', missing: 0, levels: [] }],
    ['nothing', [null, '', 'NA'], { kind: 'text', missing: 3, levels: [] }],
    ['infinity', [Infinity, 1, Infinity], { kind: 'category', missing: 0, levels: ['1', 'Infinity'] }],
    [
      'numbers, nearly all',
      [...Array(20).keys(), 'x', 'y'],
      { kind: 'count', missing: 0, levels: [], odd: { row: 20, text: 'x', cells: 2 } },
    ],
  ]
  test.each(cases)('%s', (_, cells, expected) => expect(recognise({ cells }).cells).toEqual(expected))

  test('the order of rows does not matter', () => {
    const cells = [...Array(3000).keys()].map(n => (n % 10 === 0 ? `t${n % 50}` : n % 7))
    const { cells: forwards, backwards } = recognise({ cells, backwards: cells.toReversed() })
    expect(backwards).toEqual({ ...forwards, ...(forwards.odd && { odd: { ...forwards.odd, row: 9, text: 't40' } }) })
  })
})
