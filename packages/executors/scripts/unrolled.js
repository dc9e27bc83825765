// Code for one to four columns, with a density or its statistics in registers.
import { choose, define, diagonal, LANES, load, lower, moduleOf, range, splat, store, zeros } from './templates.js'

/**
 * Pairs of rows per turn of a loop. V8 moves all loads of a turn to its start: with one or two columns a second pair
 * would push sums out of the registers, where with three and four they do not fit anyway.
 */
const pairsOf = columns => range(columns <= 2 ? 1 : 2)

const residuals = (columns, pair) =>
  range(columns).map(i => `const d${i}_${pair} = f64x2.sub(${load('x', pair * columns + i)}, m${i})`)

/** The residuals of a pair of rows, whitened; the logit is the constant less their squares. */
const logitsOfPair = (columns, entries, pair) => [
  residuals(columns, pair),
  entries.map(([i, j], entry) =>
    entries[entry - 1]?.[0] !== i
      ? `let y${i}_${pair} = f64x2.mul(w${i}${j}, d${j}_${pair})`
      : `y${i}_${pair} = madd(w${i}${j}, d${j}_${pair}, y${i}_${pair})`,
  ),
  `let l_${pair} = constant`,
  range(columns).map(i => `l_${pair} = nmadd(y${i}_${pair}, y${i}_${pair}, l_${pair})`),
  store('l', `l_${pair}`, pair),
]

const logitsParameters = ['x', 'density', 'l', 'pairs']

const logits = (name, columns, entries) =>
  define(`${name}${columns}`, logitsParameters, [
    `const constant = ${splat('density', 0)}`,
    range(columns).map(i => `const m${i} = ${splat('density', 1 + i)}`),
    entries.map(([i, j], entry) => `const w${i}${j} = ${splat('density', 1 + columns + entry)}`),
    `for (const end = l + pairs * ${LANES}; l < end; l += ${2 * LANES}) {`,
    [0, 1].map(pair => logitsOfPair(columns, entries, pair)),
    `x += ${2 * columns * LANES}`,
    '}',
  ])

const statisticsOfPair = (columns, entries, pair) => [
  `const q_${pair} = f64x2.mul(${load('q', pair)}, ${load('ratios', pair)})`,
  `weight = f64x2.add(weight, q_${pair})`,
  residuals(columns, pair),
  range(columns).map(i => [
    // Weighted before it is squared: where a square overflows the responsibility is 0.
    `const g${i}_${pair} = f64x2.mul(q_${pair}, d${i}_${pair})`,
    `s${i} = f64x2.add(s${i}, g${i}_${pair})`,
    entries.flatMap(([row, j]) => (row === i ? [`s${i}${j} = madd(g${i}_${pair}, d${j}_${pair}, s${i}${j})`] : [])),
  ]),
]

const statisticsParameters = ['x', 'density', 'q', 'ratios', 'partial', 'pairs']

const statistics = (name, columns, entries) => {
  const pairs = pairsOf(columns)
  const products = entries.map(([i, j]) => `s${i}${j}`)
  const sums = ['weight', ...range(columns).map(i => `s${i}`), ...products]
  return define(`${name}${columns}`, statisticsParameters, [
    range(columns).map(i => `const m${i} = ${splat('density', 1 + i)}`),
    zeros(sums),
    `for (const end = q + pairs * ${LANES}; q < end; q += ${pairs.length * LANES}) {`,
    pairs.map(pair => statisticsOfPair(columns, entries, pair)),
    `x += ${pairs.length * columns * LANES}`,
    `ratios += ${pairs.length * LANES}`,
    '}',
    sums.map((sum, entry) => `accumulate(partial + ${entry * LANES}, ${sum})`),
  ])
}

const widths = [1, 2, 3, 4]

/** Both functions for a kind of densities, whose whitening matrices and products have so and so many entries. */
const functionsOf = (kind, entriesOf) => [
  ...widths.map(columns => logits(`${kind}Logits`, columns, entriesOf(columns))),
  choose(`${kind}Logits`, logitsParameters, widths),
  ...widths.map(columns => statistics(`${kind}Statistics`, columns, entriesOf(columns))),
  choose(`${kind}Statistics`, statisticsParameters, widths),
]

export const unrolled = moduleOf(
  ["import { accumulate, madd, nmadd } from './arithmetic'"],
  [...functionsOf('quadratic', lower), ...functionsOf('diagonal', diagonal)],
)
