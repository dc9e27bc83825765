// Code for tiles of one to four rows of a matrix of any size, in registers while a block of data passes by.
import { TILE } from './memory.js'
import {
  choose,
  define,
  LANES,
  load,
  lower,
  moduleOf,
  NUMBER,
  range,
  residual,
  splat,
  store,
  zeros,
} from './templates.js'

const parameters = {
  whiten: ['d', 'tile', 'l', 'i', 'columns', 'pairs'],
  weigh: ['x', 'means', 'q', 'd', 'g', 'sums', 'i', 'columns', 'pairs'],
  weighFactor: ['x', 'means', 'q', 'd', 'g', 'sums', 'i', 'columns', 'pairs'],
  rectangle: ['d', 'g', 'outer', 'i', 'j', 'pairs'],
  triangle: ['d', 'g', 'outer', 'i', 'pairs'],
}

/** Two pairs of rows, a and b, share every load of the whitening matrix. */
const whitenedBy = (w, column, rows) => [
  `const a${column} = ${load('a', column)}`,
  `const b${column} = ${load('b', column)}`,
  rows.map(([r, entry]) => [
    `const w${r}${column} = ${splat(w, entry)}`,
    `ya${r} = madd(w${r}${column}, a${column}, ya${r})`,
    `yb${r} = madd(w${r}${column}, b${column}, yb${r})`,
  ]),
]

/**
 * Takes the squares of `rows` whitened residuals, from number i on, off the logits. Whitening in tile order: the part
 * left of the diagonal triangle column by column, then the triangle row by row.
 */
const whiten = rows =>
  define(`whiten${rows}`, parameters.whiten, [
    `const step = columns * ${LANES}`,
    `for (const end = l + pairs * ${LANES}; l < end; l += ${2 * LANES}) {`,
    zeros(range(rows).flatMap(r => [`ya${r}`, `yb${r}`])),
    'let w = tile',
    'let a = d',
    'let b = d + step',
    `for (const diagonal = a + i * ${LANES}; a < diagonal; a += ${LANES}) {`,
    whitenedBy(
      'w',
      0,
      range(rows).map(r => [r, r]),
    ),
    `b += ${LANES}`,
    `w += ${rows * NUMBER}`,
    '}',
    range(rows).map(column =>
      whitenedBy(
        'w',
        column,
        lower(rows).flatMap(([r, c], entry) => (c === column ? [[r, entry]] : [])),
      ),
    ),
    ['a', 'b'].map((pair, index) => [
      `let l${pair} = ${load('l', index)}`,
      range(rows).map(r => `l${pair} = nmadd(y${pair}${r}, y${pair}${r}, l${pair})`),
      store('l', `l${pair}`, index),
    ]),
    'd += 2 * step',
    '}',
  ])

/** Bytes from one pair to the next in a tile. */
const STEP = TILE * LANES

/** Where the tile of column i begins, a multiple of the width of a tile. */
const tileAt = (pointer, i) => `${pointer} + ${i} * pairs * ${LANES}`

/** Writes residuals and their products with the responsibilities, for `rows` columns from number i on; sums these. */
const weigh = name => rows =>
  define(`${name}${rows}`, parameters[name], [
    range(rows).map(r => `const m${r} = ${splat('means', r)}`),
    zeros(range(rows).map(r => `s${r}`)),
    `x += i * ${LANES}`,
    ['d', 'g'].map(pointer => `${pointer} = ${tileAt(pointer, 'i')}`),
    `for (const end = q + pairs * ${LANES}; q < end; q += ${LANES}) {`,
    `const responsibility = ${load('q', 0)}`,
    range(rows).map(r => [
      `const d${r} = ${residual(name === 'weighFactor', load('x', r), `m${r}`)}`,
      store('d', `d${r}`, r),
      `const g${r} = f64x2.mul(responsibility, d${r})`,
      store('g', `g${r}`, r),
      `s${r} = f64x2.add(s${r}, g${r})`,
    ]),
    `x += columns * ${LANES}`,
    ['d', 'g'].map(pointer => `${pointer} += ${STEP}`),
    '}',
    range(rows).map(r => `accumulate(sums + (i + ${r}) * ${LANES}, s${r})`),
  ])

/**
 * Adds sum_n g_r d_c for the given entries (r, c): rows from number i on, columns from number `first` on, which is `offset`
 * of a tile. With at most eight entries all stay in registers along with what a turn loads.
 */
const products = (first, offset, entries) => {
  const rows = [...new Set(entries.map(([r]) => r))]
  const columns = [...new Set(entries.map(([, c]) => c))]
  return [
    '{',
    zeros(entries.map(([r, c]) => `s${r}${c}`)),
    `let e = ${tileAt('g', 'i')}`,
    `let f = ${tileAt('d', `(${first} - ${offset})`)} + ${offset} * ${LANES}`,
    `for (const end = f + pairs * ${STEP}; f < end; f += ${STEP}) {`,
    rows.map(r => `const g${r} = ${load('e', r)}`),
    columns.map(c => `const d${c} = ${load('f', c)}`),
    entries.map(([r, c]) => `s${r}${c} = madd(g${r}, d${c}, s${r}${c})`),
    `e += ${STEP}`,
    '}',
    entries.map(([r, c]) => `accumulate(outer + (entries(i + ${r}) + ${first} + ${c}) * ${LANES}, s${r}${c})`),
    '}',
  ]
}

/** Below the diagonal triangle: two columns from number j on. */
const rectangle = rows =>
  define(`rectangle${rows}`, parameters.rectangle, [
    `const offset = j & ${TILE - 1}`,
    products(
      'j',
      'offset',
      range(rows).flatMap(r => [0, 1].map(c => [r, c])),
    ),
  ])

/** The diagonal triangle, two columns at a time. */
const triangle = rows =>
  define(`triangle${rows}`, parameters.triangle, [
    range(Math.ceil(rows / 2)).map(half =>
      products(
        'i',
        0,
        lower(rows).filter(([, c]) => c >> 1 === half),
      ),
    ),
  ])

const heights = [1, 2, 3, 4]

export const tiles = moduleOf(
  ["import { accumulate, madd, nmadd, present } from './arithmetic'", "import { triangle as entries } from './layout'"],
  Object.entries({
    whiten,
    weigh: weigh('weigh'),
    weighFactor: weigh('weighFactor'),
    rectangle,
    triangle,
  }).flatMap(([name, tile]) => [...heights.map(tile), choose(name, parameters[name], heights)]),
)
