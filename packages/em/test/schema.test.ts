import { checkArgument, checkOptions, describeInvalidOption } from '@conjugate/em'
import {
  above,
  allOf,
  anyOf,
  atLeast,
  atLeastOrInfinity,
  callable,
  exactly,
  finite,
  like,
  list,
  nearestName,
  numbers,
  object,
  oneOf,
  optional,
  type Schema,
  tagged,
  text,
  truth,
  typedArray,
  whole,
} from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

const inside = tagged({ near: object({ by: above(0) }), far: object({}) })

describe('a schema', () => {
  test.each<[string, Schema, unknown, unknown, string, string]>([
    ['finite', finite, -0, Number.NaN, '', 'a finite number'],
    ['atLeast', atLeast(0), 0, -1e-300, '', 'a finite number of at least 0'],
    ['atLeast, no end', atLeast(0), 1e308, Number.POSITIVE_INFINITY, '', 'a finite number of at least 0'],
    ['atLeastOrInfinity', atLeastOrInfinity(1), Number.POSITIVE_INFINITY, Number.NaN, '', 'a number of at least 1'],
    ['above', above(0), 5e-324, 0, '', 'a finite number above 0'],
    ['whole', whole(0), 2 ** 53 - 1, 2 ** 53, '', 'a whole number of at least 0'],
    ['whole, up to', whole(0, 3), 3, 1.5, '', 'a whole number from 0 to 3'],
    ['whole, of texts', whole(0, 3), 3, '3', '', 'a whole number from 0 to 3'],
    ['oneOf', oneOf('a', 'b'), 'b', 'toString', '', 'one of "a", "b"'],
    ['text', text, '', 1n, '', 'a text'],
    ['truth', truth, false, 0, '', 'true or false'],
    ['callable', callable, Math.max, {}, '', 'a function'],
    ['list', list(finite), [1], [1, null], '[1]', 'a finite number'],
    ['list, a hole', list(finite), [], new Array(2), '[0]', 'a finite number'],
    ['list, of a length', list(finite, 2), [1, 2], [1], '', 'an array of 2'],
    ['list, typed', list(finite), [], new Float64Array(1), '', 'an array'],
    ['numbers', numbers(atLeast(0)), Int32Array.of(1), Float32Array.of(0, -1), '[1]', 'a finite number of at least 0'],
    ['numbers, none', numbers(), [], { length: 2 }, '', 'an array of numbers'],
    ['numbers, of a view', numbers(), [], new DataView(new ArrayBuffer(8)), '', 'an array of numbers'],
    ['typedArray', typedArray('Int32Array', whole(0, 1), 2), Int32Array.of(0, 1), [0, 1], '', 'an Int32Array of 2'],
    ['object', object({ a: finite }), { a: 1, b: 2 }, { b: 2 }, '.a', 'a finite number'],
    ['object, a list', object({}), {}, [], '', 'an object'],
    ['object, odd names', object({ 'a b': finite }), { 'a b': 1 }, {}, '["a b"]', 'a finite number'],
    ['exactly', exactly({ a: optional(finite) }), { a: undefined }, { A: 1 }, '.A', 'a'],
    [
      'exactly, none near',
      exactly({ a: finite, b: finite }),
      { a: 1, b: 1 },
      { toString: 1 },
      '.toString',
      'one of a, b',
    ],
    ['optional', optional(finite), undefined, null, '', 'a finite number'],
    ['tagged', inside, { _tag: 'far' }, { _tag: 'constructor' }, '._tag', 'one of "near", "far"'],
    ['tagged, its part', inside, { _tag: 'near', by: 1 }, { _tag: 'near', by: 0 }, '.by', 'a finite number above 0'],
    ['anyOf', anyOf('both', finite, inside), 1, 'x', '', 'both'],
    [
      'anyOf, deepest',
      anyOf('both', finite, inside),
      { _tag: 'far' },
      { _tag: 'near' },
      '.by',
      'a finite number above 0',
    ],
    ['allOf', allOf(finite, whole(1)), 1, 0.5, '', 'a whole number of at least 1'],
    [
      'like',
      like({ a: [1, Float64Array.of(2)] }),
      { a: [Number.NaN, Float64Array.of(0)] },
      { a: [1, Float64Array.of()] },
      '.a[1]',
      '1 numbers',
    ],
    ['like, of numbers', like([0], finite), [1], [Number.NaN], '[0]', 'a finite number'],
    ['like, null', like({ a: null }), { a: null }, { a: 1 }, '.a', 'null'],
    ['like, text', like({ a: 'x' }), { a: 'y' }, { a: 1 }, '.a', 'a string'],
  ])('%s', (_, schema, right, wrong, path, expected) => {
    expect(schema(right)).toBeUndefined()
    expect(schema(wrong)).toMatchObject({ path, expected })
  })
})

test('errors name options alone, and parts of arguments after them', () => {
  const schema = exactly({ iterations: optional(whole(0)), fixed: optional(exactly({ weights: truth })) })
  const line = (value: unknown, check = checkOptions(schema)) => {
    const checked = check(value)
    return E.isLeft(checked) ? describeInvalidOption(checked.left) : 'right'
  }
  expect(line({ iterations: 3 })).toBe('right')
  expect(line({ iterations: Number.NaN })).toBe('iterations is NaN, expected a whole number of at least 0')
  expect(line({ iteratoins: 3 })).toBe('iteratoins is an unknown option, expected iterations')
  expect(line({ fixed: { weigths: true } })).toBe('fixed.weigths is an unknown option, expected weights')
  expect(line({ fixed: {} })).toBe('fixed.weights is missing, expected true or false')
  for (const [value, received] of [
    [null, 'null'],
    [7, '7'],
    [[], '[]'],
    [Promise.resolve(), 'a Promise, which has to be awaited first'],
    [E.left(1), 'an Either (Left), which has to be unwrapped first'],
  ] as const)
    expect(line(value)).toBe(`options is ${received}, expected an object of options`)
  const ofStart = checkArgument('start', tagged({ a: object({ by: finite }) }))
  expect(line({ _tag: 'a' }, ofStart)).toBe('start.by is missing, expected a finite number')
  const trap = {
    get iterations(): number {
      throw new Error('no')
    },
  }
  expect(line(trap)).toContain('options is an object that throws')
})

test.each<[string, string | undefined]>([
  ['tolerence', 'tolerance'],
  ['Iterations', 'iterations'],
  ['tol', undefined],
  ['iter', undefined],
  ['x'.repeat(1e6), undefined],
])('a misspelt name has a nearest one: %.20s', (name, known) =>
  expect(nearestName(name, ['iterations', 'tolerance', 'toString'])).toBe(known),
)
