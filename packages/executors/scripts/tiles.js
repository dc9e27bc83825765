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
  subtract: ['x', 'means', 'd', 'columns', 'pairs'],
  subtractFactor: ['x', 'means', 'd', 'columns', 'pairs'],
  whiten: ['d', 'tile', 'l', 'i', 'columns', 'pairs'],
  weigh: ['x', 'means', 'q', 'd', 'g', 'sums', 'i', 'columns', 'pairs'],
  weighFactor: ['x', 'means', 'q', 'd', 'g', 'sums', 'i', 'columns', 'pairs'],
  rectangle: ['d', 'g', 'outer', 'i', 'j', 'pairs'],
  triangle: ['d', 'g', 'outer', 'i', 'pairs'],
  corner: ['d', 'g', 'outer', 'i', 'pairs'],
}

/** Writes the residuals of `rows` columns from number i on, stored as the rows are. */
const subtract = name => rows =>
  define(`${name}${rows}`, parameters[name], [
    range(rows).map(r => `const m${r} = ${splat('means', r)}`),
    `const step = columns * ${LANES}`,
    'for (const end = x + pairs * step; x < end; x += step) {',
    range(rows).map(r => store('d', residual(name === 'subtractFactor', load('x', r), `m${r}`), r)),
    'd += step',
    '}',
  ])

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
    range(rows).map(column => [
      `if (${['w', 'a', 'b', 'l'][column]}) {`,
      whitenedBy(
        'w',
        column,
        lower(rows).flatMap(([r, c], entry) => (c === column ? [[r, entry]] : [])),
      ),
      '}',
    ]),
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

/** Where the products of the tile of column i are: those of two tiles that follow each other are kept. */
const weightedAt = i => `g + (${i} & ${TILE}) * pairs * ${LANES}`

/** Writes residuals and their products with the responsibilities, for `rows` columns from number i on; sums these. */
const weigh = name => rows =>
  define(`${name}${rows}`, parameters[name], [
    range(rows).map(r => `const m${r} = ${splat('means', r)}`),
    zeros(range(rows).map(r => `s${r}`)),
    `x += i * ${LANES}`,
    `d = ${tileAt('d', 'i')}`,
    `g = ${weightedAt('i')}`,
    `for (const end = q + pairs * ${LANES}; q < end; q += ${LANES}) {`,
    `const responsibility = ${load('q', 0)}`,
    // A processor writes two neighbours at once.
    range(rows).map(r => [
      `const d${r} = ${residual(name === 'weighFactor', load('x', r), `m${r}`)}`,
      store('d', `d${r}`, r),
    ]),
    range(rows).map(r => [
      `const g${r} = f64x2.mul(responsibility, d${r})`,
      store('g', `g${r}`, r),
      `s${r} = f64x2.add(s${r}, g${r})`,
    ]),
    `x += columns * ${LANES}`,
    ['d', 'g'].map(pointer => `${pointer} += ${STEP}`),
    '}',
    range(rows).map(r => `accumulate(sums + (i + ${r}) * ${LANES}, s${r})`),
  ])

const different = numbers => [...new Set(numbers)]

/**
 * Adds sum_n g_r d_c for the entries (r, c) of each part: rows from number `row` on, columns from number `first` on, which is
 * `offset` of a tile. With at most eight entries all stay in registers along with what a turn loads.
 */
const products = parts => [
  parts.map(({ row, first, offset, entries }, part) => [
    zeros(entries.map(([r, c]) => `s${r}${c}_${part}`)),
    `let e_${part} = ${weightedAt(row)}`,
    `let f_${part} = ${tileAt('d', `(${first} - ${offset})`)} + ${offset} * ${LANES}`,
  ]),
  `for (const end = f_0 + pairs * ${STEP}; f_0 < end; f_0 += ${STEP}) {`,
  parts.map(({ entries }, part) => [
    different(entries.map(([r]) => r)).map(r => `const g${r}_${part} = ${load(`e_${part}`, r)}`),
    different(entries.map(([, c]) => c)).map(c => `const d${c}_${part} = ${load(`f_${part}`, c)}`),
    entries.map(([r, c]) => `s${r}${c}_${part} = madd(g${r}_${part}, d${c}_${part}, s${r}${c}_${part})`),
    `e_${part} += ${STEP}`,
    part === 0 ? [] : `f_${part} += ${STEP}`,
  ]),
  '}',
  parts.map(({ row, first, entries }, part) => {
    const [top, ...others] = different(entries.map(([r]) => r))
    const sumsOf = r =>
      entries.flatMap(([own, c]) => (own === r ? [`accumulate(o_${part} + ${c * LANES}, s${r}${c}_${part})`] : []))
    return [
      `let o_${part} = outer + (entries(${row} + ${top}) + ${first}) * ${LANES}`,
      sumsOf(top),
      others.map(r => [`o_${part} += (${row} + ${r}) * ${LANES}`, sumsOf(r)]),
    ]
  }),
]

/** Below the diagonal triangle: two columns from number j on. */
const rectangle = rows =>
  define(`rectangle${rows}`, parameters.rectangle, [
    `const offset = j & ${TILE - 1}`,
    products([{ row: 'i', first: 'j', offset: 'offset', entries: range(rows).flatMap(r => [0, 1].map(c => [r, c])) }]),
  ])

const onDiagonal = (row, rows, isOf) => ({
  row,
  first: row,
  offset: 0,
  entries: lower(rows).filter(([, c]) => isOf(c)),
})

/** The first two columns of the diagonal triangle. */
const triangle = rows => define(`triangle${rows}`, parameters.triangle, products([onDiagonal('i', rows, c => c < 2)]))

/** Its other columns, of three rows or four. */
const corner = rows => define(`corner${rows}`, parameters.triangle, products([onDiagonal('i', rows, c => c >= 2)]))

/** Those of two tiles that follow each other, at once: one alone has too few to keep a processor busy. */
const corners = define(
  'corners',
  parameters.triangle,
  products(['i', `(i + ${TILE})`].map(row => onDiagonal(row, TILE, c => c >= 2))),
)

const heights = [1, 2, 3, 4]

const inHeights = (name, tile, numbers = heights) => [...numbers.map(tile), choose(name, parameters[name], numbers)]

export const tiles = moduleOf(
  ["import { accumulate, madd, nmadd, present } from './arithmetic'", "import { triangle as entries } from './layout'"],
  [
    ...inHeights('subtract', subtract('subtract')),
    ...inHeights('subtractFactor', subtract('subtractFactor')),
    ...inHeights('whiten', whiten),
    ...inHeights('weigh', weigh('weigh')),
    ...inHeights('weighFactor', weigh('weighFactor')),
    ...inHeights('rectangle', rectangle),
    ...inHeights('triangle', triangle),
    ...inHeights('corner', corner, [3, 4]),
    corners,
  ],
)
