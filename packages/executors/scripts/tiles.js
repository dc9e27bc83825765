// Code for tiles of one to four rows of a matrix of any size, in registers while a block of data passes by.
import {
  choose,
  define,
  LANES,
  loadPair,
  lower,
  moduleOf,
  NUMBER,
  PANEL,
  pairs,
  range,
  splat,
  zeros,
} from './templates.js'

const parameters = {
  whiten: ['d', 'tile', 'l', 'i', 'columns', 'panels'],
  weigh: ['x', 'means', 'q', 'd', 'g', 'sums', 'i', 'columns', 'panels'],
  rectangle: ['d', 'g', 'outer', 'i', 'j', 'columns', 'panels'],
  triangle: ['d', 'g', 'outer', 'i', 'columns', 'panels'],
}

/**
 * Takes the squares of `rows` whitened residuals, from number i on, off the logits. Whitening in tile order: the part
 * left of the diagonal triangle column by column, then the triangle row by row.
 */
const whiten = rows => {
  const names = range(rows).flatMap(r => pairs.map(pair => `y${r}${pair}`))
  return define(`whiten${rows}`, parameters.whiten, [
    `const rest = (columns - i) * ${PANEL}`,
    `for (const end = l + panels * ${PANEL}; l < end; l += ${PANEL}) {`,
    zeros(names),
    'let w = tile',
    `for (const diagonal = d + i * ${PANEL}; d < diagonal; d += ${PANEL}) {`,
    pairs.map(pair => `const v${pair} = ${loadPair('d', 0, pair)}`),
    range(rows).map(r => [
      `const w${r} = ${splat('w', r)}`,
      pairs.map(pair => `y${r}${pair} = madd(w${r}, v${pair}, y${r}${pair})`),
    ]),
    `w += ${rows * NUMBER}`,
    '}',
    range(rows).map(j => [
      pairs.map(pair => `const v${j}${pair} = ${loadPair('d', j, pair)}`),
      lower(rows).map(([r, column], entry) =>
        column === j
          ? [
              `const w${r}${j} = ${splat('w', entry)}`,
              pairs.map(pair => `y${r}${pair} = madd(w${r}${j}, v${j}${pair}, y${r}${pair})`),
            ]
          : [],
      ),
    ]),
    pairs.map(pair => [
      `let l${pair} = ${loadPair('l', 0, pair)}`,
      range(rows).map(r => `l${pair} = nmadd(y${r}${pair}, y${r}${pair}, l${pair})`),
      `v128.store(l, l${pair}, ${pairs.indexOf(pair) * LANES})`,
    ]),
    'd += rest',
    '}',
  ])
}

/** Writes residuals and their products with the responsibilities, for `rows` columns from number i on; sums these. */
const weigh = rows =>
  define(`weigh${rows}`, parameters.weigh, [
    range(rows).map(r => `const m${r} = ${splat('means', r)}`),
    zeros(range(rows).map(r => `s${r}`)),
    ['x', 'd', 'g'].map(pointer => `${pointer} += i * ${PANEL}`),
    `for (const end = q + panels * ${PANEL}; q < end; q += ${PANEL}) {`,
    pairs.map(pair => [
      `const q${pair} = ${loadPair('q', 0, pair)}`,
      range(rows).map(r => {
        const offset = r * PANEL + pairs.indexOf(pair) * LANES
        return [
          `const d${r}${pair} = f64x2.sub(v128.load(x, ${offset}), m${r})`,
          `v128.store(d, d${r}${pair}, ${offset})`,
          `const g${r}${pair} = f64x2.mul(q${pair}, d${r}${pair})`,
          `v128.store(g, g${r}${pair}, ${offset})`,
          `s${r} = f64x2.add(s${r}, g${r}${pair})`,
        ]
      }),
    ]),
    ['x', 'd', 'g'].map(pointer => `${pointer} += columns * ${PANEL}`),
    '}',
    range(rows).map(r => `accumulate(sums + (i + ${r}) * ${LANES}, s${r})`),
  ])

const store = ([r, c], first) => `accumulate(outer + (entries(i + ${r}) + ${first} + ${c}) * ${LANES}, s${r}${c})`

/** Adds sum_n g_r d_c for the given entries (r, c): rows from number i on, columns from number `first` on. */
const products = (name, count, first, entries) => {
  const rows = [...new Set(entries.map(([r]) => r))]
  const columns = [...new Set(entries.map(([, c]) => c))]
  return define(`${name}${count}`, parameters[name], [
    zeros(entries.map(([r, c]) => `s${r}${c}`)),
    `const step = columns * ${PANEL}`,
    'const end = d + panels * step',
    `g += i * ${PANEL}`,
    `for (let e = d + ${first} * ${PANEL}; e < end; e += step) {`,
    pairs.map(pair => [
      rows.map(r => `const g${r}${pair} = ${loadPair('g', r, pair)}`),
      columns.map(c => [
        `const d${c}${pair} = ${loadPair('e', c, pair)}`,
        entries
          .filter(([, column]) => column === c)
          .map(([r]) => `s${r}${c} = madd(g${r}${pair}, d${c}${pair}, s${r}${c})`),
      ]),
    ]),
    'g += step',
    '}',
    entries.map(entry => store(entry, first)),
  ])
}

const rectangle = rows =>
  products(
    'rectangle',
    rows,
    'j',
    range(rows).flatMap(r => [0, 1].map(c => [r, c])),
  )

const triangle = rows => products('triangle', rows, 'i', lower(rows))

const heights = [1, 2, 3, 4]

export const tiles = moduleOf(
  ["import { accumulate, madd, nmadd } from './arithmetic'", "import { triangle as entries } from './layout'"],
  Object.entries({ whiten, weigh, rectangle, triangle }).flatMap(([name, tile]) => [
    ...heights.map(tile),
    choose(name, parameters[name], heights),
  ]),
)
