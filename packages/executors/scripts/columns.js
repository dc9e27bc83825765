// Code for densities that take each column by itself, linear and diagonal ones, with any number of columns.
import { choose, define, LANES, load, moduleOf, NUMBER, range, residual, splat, store, zeros } from './templates.js'

const names = ['a', 'b', 'c', 'd']

/** Four pairs of rows a turn, with a pointer for each; `l` goes along. */
const loop = lines => [
  `const step = columns * ${LANES}`,
  `for (const end = l + pairs * ${LANES}; l < end; l += ${names.length * LANES}) {`,
  names.map((name, i) => `let ${name} = x + ${i} * step`),
  lines,
  `x += ${names.length} * step`,
  '}',
]

const advance = names.map(name => `${name} += ${LANES}`)

const linearLogitsParameters = ['x', 'density', 'l', 'stride', 'columns', 'pairs']

/**
 * Constants plus inner products of one component, or of two that share every load of a row. The logits of a factor are added
 * to what is there instead of constants.
 */
const linearLogits = isFactor => rows => {
  const sums = range(rows).flatMap(r => names.map((name, i) => [r, name, i]))
  const before = (r, i) => (isFactor ? load(`l + ${r} * stride`, i) : `constant${r}`)
  return define(`${isFactor ? 'factorL' : 'l'}inearLogits${rows}`, linearLogitsParameters, [
    isFactor ? [] : range(rows).map(r => `const constant${r} = ${splat('density', r)}`),
    `const natural = density + ${rows * NUMBER}`,
    `const last = natural + columns * ${rows * NUMBER}`,
    loop([
      sums.map(([r, name, i]) => `let y${name}${r} = ${before(r, i)}`),
      `for (let w = natural; w < last; w += ${rows * NUMBER}) {`,
      names.map(name => `const x${name} = ${load(name, 0)}`),
      range(rows).map(r => `const w${r} = ${splat('w', r)}`),
      sums.map(([r, name]) => `y${name}${r} = madd(w${r}, x${name}, y${name}${r})`),
      advance,
      '}',
      sums.map(([r, name, i]) => store(`l + ${r} * stride`, `y${name}${r}`, i)),
    ]),
  ])
}

const widths = [4, 2, 1]

/**
 * Functions of four, two and one columns, and one of all columns that calls them, moving pointers on by so many bytes per
 * column.
 */
const inWidths = (name, parameters, pointers, body) => [
  ...widths.map(width => define(`${name}Of${width}`, parameters, body(width))),
  define(name, parameters, [
    'let left = columns',
    widths.map(width => [
      `for (; left >= ${width}; left -= ${width}) {`,
      `${name}Of${width}(${parameters.join(', ')})`,
      Object.entries(pointers).map(([pointer, bytes]) => `${pointer} += ${width * bytes}`),
      '}',
    ]),
  ]),
]

const linearSumsParameters = ['x', 'q', 'stride', 'sums', 'sumStride', 'columns', 'pairs']

/** Adds responsibilities times rows, of one component or of two that share every load of a row. */
const linearSums = rows =>
  inWidths(`linearSums${rows}`, linearSumsParameters, { x: LANES, sums: LANES }, width => [
    zeros(range(rows).flatMap(r => range(width).map(c => `s${r}${c}`))),
    `for (const end = q + pairs * ${LANES}; q < end; q += ${LANES}) {`,
    range(rows).map(r => `const q${r} = ${load(`q + ${r} * stride`, 0)}`),
    range(width).map(c => [
      `const x${c} = ${load('x', c)}`,
      range(rows).map(r => `s${r}${c} = madd(q${r}, x${c}, s${r}${c})`),
    ]),
    `x += columns * ${LANES}`,
    '}',
    range(rows).map(r => [
      range(width).map(c => `accumulate(sums + ${c * LANES}, s${r}${c})`),
      r + 1 < rows ? 'sums += sumStride' : [],
    ]),
  ])

/** The constant less the squares of scaled residuals; of a factor, what is there less those of the cells that are. */
const diagonalLogits = isFactor =>
  define(
    isFactor ? 'factorDiagonalLogits' : 'diagonalLogits',
    ['x', 'density', 'l', 'columns', 'pairs'],
    [
      isFactor ? [] : `const constant = ${splat('density', 0)}`,
      `const means = density + ${NUMBER}`,
      `const scales = columns * ${NUMBER}`,
      'const last = means + scales',
      loop([
        names.map((name, i) => `let y${name} = ${isFactor ? load('l', i) : 'constant'}`),
        `for (let m = means; m < last; m += ${NUMBER}) {`,
        `const mean = ${splat('m', 0)}`,
        `const scale = ${splat('m + scales', 0)}`,
        names.map(name => [
          `const d${name} = f64x2.mul(scale, ${residual(isFactor, load(name, 0), 'mean')})`,
          `y${name} = nmadd(d${name}, d${name}, y${name})`,
        ]),
        advance,
        '}',
        names.map((name, i) => store('l', `y${name}`, i)),
      ]),
    ],
  )

/** Adds responsibilities times residuals, and times their squares; of a factor, those of cells that are there. */
const diagonalSums = isFactor =>
  inWidths(
    isFactor ? 'factorDiagonalSums' : 'diagonalSums',
    ['x', 'means', 'q', 'sums', 'squares', 'columns', 'pairs'],
    { x: LANES, means: NUMBER, sums: LANES, squares: LANES },
    width => [
      range(width).map(c => `const m${c} = ${splat('means', c)}`),
      zeros(range(width).flatMap(c => [`s${c}`, `t${c}`])),
      `for (const end = q + pairs * ${LANES}; q < end; q += ${LANES}) {`,
      `const responsibility = ${load('q', 0)}`,
      range(width).map(c => [
        `const d${c} = ${residual(isFactor, load('x', c), `m${c}`)}`,
        // Weighted before it is squared: where a square overflows the responsibility is 0.
        `const g${c} = f64x2.mul(responsibility, d${c})`,
        `s${c} = f64x2.add(s${c}, g${c})`,
        `t${c} = madd(g${c}, d${c}, t${c})`,
      ]),
      `x += columns * ${LANES}`,
      '}',
      range(width).map(c => [`accumulate(sums + ${c * LANES}, s${c})`, `accumulate(squares + ${c * LANES}, t${c})`]),
    ],
  )

export const columns = moduleOf(
  ["import { accumulate, madd, nmadd, present } from './arithmetic'"],
  [
    ...[1, 2].map(linearLogits(false)),
    choose('linearLogits', linearLogitsParameters, [1, 2]),
    ...[1, 2].flatMap(linearSums),
    choose('linearSums', linearSumsParameters, [1, 2]),
    diagonalLogits(false),
    ...diagonalSums(false),
    ...[1, 2].map(linearLogits(true)),
    choose('factorLinearLogits', linearLogitsParameters, [1, 2]),
    diagonalLogits(true),
    ...diagonalSums(true),
  ],
)
