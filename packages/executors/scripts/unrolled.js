// Code for one to four columns, with a density or its statistics wholly in registers.
import { choose, define, LANES, loadPair, lower, moduleOf, PANEL, pairs, range, splat, zeros } from './templates.js'

const residuals = (columns, pair) =>
  range(columns).map(i => `const d${i}${pair} = f64x2.sub(${loadPair('x', i, pair)}, m${i})`)

/** The residuals of a pair of rows, whitened; the logit is the constant less their squares. */
const logitsOfPair = (columns, pair) => [
  residuals(columns, pair),
  lower(columns).map(([i, j]) =>
    j === 0
      ? `let y${i}${pair} = f64x2.mul(w${i}0, d0${pair})`
      : `y${i}${pair} = madd(w${i}${j}, d${j}${pair}, y${i}${pair})`,
  ),
  `let l${pair} = constant`,
  range(columns).map(i => `l${pair} = nmadd(y${i}${pair}, y${i}${pair}, l${pair})`),
  `v128.store(l, l${pair}, ${pairs.indexOf(pair) * LANES})`,
]

const logitsParameters = ['x', 'density', 'l', 'panels']

const logits = columns =>
  define(`logits${columns}`, logitsParameters, [
    `const constant = ${splat('density', 0)}`,
    range(columns).map(i => `const m${i} = ${splat('density', 1 + i)}`),
    lower(columns).map(([i, j], entry) => `const w${i}${j} = ${splat('density', 1 + columns + entry)}`),
    `for (const end = l + panels * ${PANEL}; l < end; l += ${PANEL}) {`,
    pairs.map(pair => logitsOfPair(columns, pair)),
    `x += ${columns * PANEL}`,
    '}',
  ])

const statisticsOfPair = (columns, pair) => [
  `const q${pair} = f64x2.mul(${loadPair('q', 0, pair)}, ${loadPair('ratios', 0, pair)})`,
  `weight = f64x2.add(weight, q${pair})`,
  residuals(columns, pair),
  range(columns).map(i => [
    `const g${i}${pair} = f64x2.mul(q${pair}, d${i}${pair})`,
    `s${i} = f64x2.add(s${i}, g${i}${pair})`,
    range(i + 1).map(j => `s${i}${j} = madd(g${i}${pair}, d${j}${pair}, s${i}${j})`),
  ]),
]

const statisticsParameters = ['x', 'density', 'q', 'ratios', 'partial', 'panels']

const statistics = columns => {
  const outer = lower(columns).map(([i, j]) => `s${i}${j}`)
  const sums = ['weight', ...range(columns).map(i => `s${i}`), ...outer]
  return define(`statistics${columns}`, statisticsParameters, [
    range(columns).map(i => `const m${i} = ${splat('density', 1 + i)}`),
    zeros(sums),
    `for (const end = q + panels * ${PANEL}; q < end; q += ${PANEL}) {`,
    pairs.map(pair => statisticsOfPair(columns, pair)),
    `x += ${columns * PANEL}`,
    `ratios += ${PANEL}`,
    '}',
    sums.map((name, entry) => `accumulate(partial + ${entry * LANES}, ${name})`),
  ])
}

const widths = [1, 2, 3, 4]

export const unrolled = moduleOf(
  ["import { accumulate, madd, nmadd } from './arithmetic'"],
  [
    ...widths.map(logits),
    choose('logits', logitsParameters, widths),
    ...widths.map(statistics),
    choose('statistics', statisticsParameters, widths),
  ],
)
