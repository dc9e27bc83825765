// Code for rows of which few numbers are not 0, and so many pairs of components at once.
import { choose, define, load, moduleOf, range, splat, store, zeros } from './templates.js'

const widths = range(5).map(i => i + 1)

/** For each number of a row that is not 0: in both lanes, and where its column is among numbers of columns. */
const loop = lines => [
  'for (; values < last; values += 8) {',
  `const value = ${splat('values', 0)}`,
  'const at = numbers + <usize>load<u32>(indices) * stride',
  lines,
  'indices += 4',
  '}',
]

const parameters = ['indices', 'values', 'last', 'stride', 'numbers', 'line']

/** Writes the inner products of a row with the numbers of components. */
const products = width =>
  define(`products${width}`, parameters, [
    zeros(range(width).map(k => `y${k}`)),
    loop(range(width).map(k => `y${k} = f64x2.add(y${k}, f64x2.mul(value, ${load('at', k)}))`)),
    range(width).map(k => store('line', `y${k}`, k)),
  ])

/** Adds a row to sums of components, by its shares. */
const sums = width =>
  define(`sums${width}`, parameters, [
    range(width).map(k => `const q${k} = ${load('line', k)}`),
    loop(range(width).map(k => store('at', `f64x2.add(${load('at', k)}, f64x2.mul(value, q${k}))`, k))),
  ])

export const sparse = moduleOf(
  [],
  [
    ...widths.flatMap(width => [products(width), sums(width)]),
    choose('products', parameters, widths),
    choose('sums', parameters, widths),
  ],
)
