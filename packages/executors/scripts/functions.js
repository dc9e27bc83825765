// Code for exponentials and logarithms of four pairs of lanes at a time. A coefficient is loaded once for all four, from
// a table: V8 would make a constant anew in every iteration, at three instructions each.
import { define, LANES, load as loadAt, moduleOf, splat, store as storeAt } from './templates.js'

/** 1.5 x 2^52: adding it rounds a small number to an integer, which is then found in the lowest bits. */
const SHIFT = 1.5 * 2 ** 52

/** Below this a power of two is taken as an exact 0, so that its products are never denormal, which is slow. */
const FLUSH = -960

/** 2^f = 1 + f P(f), |f| <= 1/2: the P of least relative error (Remez exchange in 60 digits, 3.4e-18), highest first. */
const exp2Coefficients = [
  4.4347712982003387e-10,
  7.0737832485031966e-9,
  1.0178199571842138e-7,
  1.3215435282308488e-6,
  1.5252733493127489e-5,
  0.0001540353045711209,
  0.001333355814677462,
  0.00961812910759412,
  0.055504108664820084,
  0.2402265069591013,
  Math.LN2,
  1,
]

/**
 * log2 m = z Q(z^2) with z = (m - 1)/(m + 1), 1/sqrt 2 <= m < sqrt 2: the series of 2 atanh(z) / log 2, with the Q of least
 * relative error (Remez exchange in 60 digits, 1.1e-18), highest first.
 */
const log2Coefficients = [
  0.21367078312731355, 0.2209118662805325, 0.26233440177812595, 0.3205985339255677, 0.4121985858510767,
  0.5770780163454704, 0.9617966939259898, 2.8853900817779268,
]

const table = [FLUSH, SHIFT, SHIFT + FLUSH, ...exp2Coefficients, SHIFT + 1023, Math.SQRT2, 0.5, ...log2Coefficients]

/** A number of the table in both lanes. */
const constant = value => splat('TABLE', table.indexOf(value))

const quad = ['a', 'b', 'c', 'd']
const each = line => quad.map(line)

const load = (pointer, pair) => loadAt(pointer, quad.indexOf(pair))
const store = (pointer, value, pair) => storeAt(pointer, value, quad.indexOf(pair))

/** The value of a polynomial at x, named `result` and the pair; later coefficients in names of their own. */
const polynomial = (result, x, [highest, next, ...others], pairs = quad) => [
  `const ${result}0 = ${constant(highest)}`,
  `const ${result}1 = ${constant(next)}`,
  pairs.map(pair => `let ${result}${pair} = madd(${result}0, ${x}${pair}, ${result}1)`),
  others.map((coefficient, i) => [
    `const ${result}${i + 2} = ${constant(coefficient)}`,
    pairs.map(pair => `${result}${pair} = madd(${result}${pair}, ${x}${pair}, ${result}${i + 2})`),
  ]),
]

/** Four pairs per turn, `end` being that of the first pointer. */
const loop = (pointers, lines) => [
  `for (const end = ${pointers[0]} + bytes; ${pointers[0]} < end; ${pointers[0]} += ${4 * LANES}) {`,
  lines,
  pointers.slice(1).map(pointer => `${pointer} += ${4 * LANES}`),
  '}',
]

/**
 * p = 2^f of arguments f <= 0, f = n + r with an integer n and |r| <= 1/2; n is added to the exponent bits of 2^r. Within 1
 * unit in the last place (2 without fused multiply-add); exactly 1 at 0; 0 where n is -960 or less, and where f is NaN, of
 * which pmax makes its first argument.
 */
const exp2 = argument => [
  `const lowest = ${constant(FLUSH)}`,
  each(pair => `let r${pair} = f64x2.pmax(lowest, ${argument(pair)})`),
  `const shift = ${constant(SHIFT)}`,
  each(pair => `const n${pair} = f64x2.add(r${pair}, shift)`),
  each(pair => `r${pair} = f64x2.sub(r${pair}, f64x2.sub(n${pair}, shift))`),
  polynomial('p', 'r', exp2Coefficients),
  `const flushed = ${constant(SHIFT + FLUSH)}`,
  each(pair => `p${pair} = v128.and(i64x2.add(p${pair}, i64x2.shl(n${pair}, 52)), f64x2.gt(n${pair}, flushed))`),
]

/** Replaces logits l by 2^(l - maximum), and adds these to the sums. */
const exponentials = define(
  'exponentials',
  ['l', 'maxima', 'sums', 'bytes'],
  loop(
    ['l', 'maxima', 'sums'],
    [
      exp2(pair => `f64x2.sub(${load('l', pair)}, ${load('maxima', pair)})`),
      each(pair => store('l', `p${pair}`, pair)),
      each(pair => store('sums', `f64x2.add(${load('sums', pair)}, p${pair})`, pair)),
    ],
  ),
)

/** Log2 of a positive number s of each pair, as l and the pair. An m of sqrt 2 and more is halved and e raised by one. */
const log2 = pairs => [
  `const bias = ${constant(SHIFT + 1023)}`,
  `const shift = ${constant(SHIFT)}`,
  `const root = ${constant(Math.SQRT2)}`,
  `const half = ${constant(0.5)}`,
  `const one = ${constant(1)}`,
  pairs.map(pair => [
    `const e${pair} = f64x2.sub(v128.or(i64x2.shr_u(s${pair}, 52), shift), bias)`,
    `const whole${pair} = mantissa(s${pair})`,
    `const high${pair} = f64x2.ge(whole${pair}, root)`,
    `const m${pair} = v128.bitselect(f64x2.mul(whole${pair}, half), whole${pair}, high${pair})`,
    `const z${pair} = f64x2.div(f64x2.sub(m${pair}, one), f64x2.add(m${pair}, one))`,
    `const u${pair} = f64x2.mul(z${pair}, z${pair})`,
  ]),
  polynomial('q', 'u', log2Coefficients, pairs),
  pairs.map(pair => [
    `const exponent${pair} = f64x2.add(e${pair}, v128.and(one, high${pair}))`,
    `const l${pair} = madd(q${pair}, z${pair}, exponent${pair})`,
  ]),
]

/** Adds log2 of a to l, within 3 units in the last place: of sums from 1 to the number of components, and products. */
const logarithm = [
  'function logarithm(sa: v128, l: v128): v128 {',
  ...log2(['a']).flat(Number.POSITIVE_INFINITY),
  'return f64x2.add(l, la)',
  '}',
].join('\n')

const product = (operation, names) => names.reduce((a, b) => `${operation}(${a}, ${b})`)
const named = (letter, pairs) => pairs.map(pair => `${letter}${pair}`)

/**
 * How sums s and maxima m of rows become a partial likelihood. Rows that count once have one logarithm of the product of
 * all sums, of which the exponent is taken out before four could leave the range. Of rows with weights w, which may be 0,
 * four pairs with the same weights, as rows have that are sorted by them, have one logarithm of their product.
 */
const likelihoods = {
  plain: {
    weight: () => [],
    before: ['let product = v128.load(partial, 32)', 'let exponents = i64x2.splat(0)', 'let total = f64x2.splat(0)'],
    add: pairs => [
      `product = ${product('f64x2.mul', ['product', ...named('s', pairs)])}`,
      'exponents = i64x2.add(exponents, i64x2.sub(i64x2.shr_u(product, 52), i64x2.splat(1023)))',
      'product = mantissa(product)',
      `total = ${product('f64x2.add', ['total', ...named('m', pairs)])}`,
    ],
    after: [
      'v128.store(partial, product, 32)',
      'accumulate(partial + 16, f64x2(<f64>i64x2.extract_lane(exponents, 0), <f64>i64x2.extract_lane(exponents, 1)))',
      'accumulate(partial, total)',
    ],
  },
  weighted: {
    weight: pair => `const w${pair} = ${load('weights', pair)}`,
    before: ['let total = f64x2.splat(0)'],
    add: pairs => [
      // A row that doesn't count may have no density at all.
      'const zero = f64x2.splat(0)',
      pairs.map(pair => [
        `const counted${pair} = f64x2.gt(w${pair}, zero)`,
        `const h${pair} = v128.and(m${pair}, counted${pair})`,
      ]),
      `if (v128.any_true(${product(
        'v128.or',
        pairs.slice(1).map(pair => `v128.xor(wa, w${pair})`),
      )})) {`,
      pairs.map(pair => `total = madd(w${pair}, logarithm(s${pair}, h${pair}), total)`),
      '} else {',
      `total = madd(wa, logarithm(${product('f64x2.mul', named('s', pairs))}, ${product('f64x2.add', named('h', pairs))}), total)`,
      '}',
    ],
    after: ['accumulate(partial, total)'],
  },
}

/** Adds the maximum and log2 of the sum of every row of a block to a partial likelihood. */
const likelihood = kind => {
  const { weight, before, add, after } = likelihoods[kind]
  return define(
    `${kind}Likelihood`,
    ['sums', 'maxima', 'weights', 'bytes', 'partial'],
    [
      before,
      loop(
        ['sums', 'maxima', 'weights'],
        [
          `const one = ${constant(1)}`,
          each(pair => [
            weight(pair),
            // 0 where there is no density.
            `const s${pair} = f64x2.pmax(one, ${load('sums', pair)})`,
            `const m${pair} = ${load('maxima', pair)}`,
          ]),
          add(quad),
        ],
      ),
      after,
    ],
  )
}

/**
 * Writes 2^-|a - b| of the logits of two components: the exponential of the lesser where that of the greater is 1. A logit of
 * NaN is taken for -Infinity.
 */
const lesserExponentials = define(
  'lesserExponentials',
  ['first', 'second', 'lesser', 'bytes'],
  loop(
    ['first', 'second', 'lesser'],
    [
      'const sign = f64x2.splat(-0.0)',
      exp2(pair => `v128.or(f64x2.sub(${load('first', pair)}, ${load('second', pair)}), sign)`),
      each(pair => store('lesser', `p${pair}`, pair)),
    ],
  ),
)

/**
 * With them, softmax and likelihood of the two components: exponentials replace the logits, and ratios the lesser ones, the
 * weights over the sums of both; 0 where both logits are -Infinity.
 */
const twoComponents = kind => {
  const { weight, before, add, after } = likelihoods[kind]
  return define(
    `${kind}TwoComponents`,
    ['first', 'second', 'ratios', 'weights', 'bytes', 'partial'],
    [
      before,
      loop(
        ['first', 'second', 'ratios', 'weights'],
        [
          'const none = f64x2.splat(-Infinity)',
          `const one = ${constant(1)}`,
          each(pair => [
            weight(pair),
            `const a${pair} = f64x2.pmax(none, ${load('first', pair)})`,
            `const b${pair} = ${load('second', pair)}`,
            `const p${pair} = ${load('ratios', pair)}`,
            `const m${pair} = f64x2.pmax(a${pair}, b${pair})`,
            `const s${pair} = f64x2.add(one, p${pair})`,
            store(
              'ratios',
              `v128.and(f64x2.div(${kind === 'plain' ? 'one' : `w${pair}`}, s${pair}), f64x2.gt(m${pair}, none))`,
              pair,
            ),
            `const isSecond${pair} = f64x2.gt(b${pair}, a${pair})`,
            store('first', `v128.bitselect(p${pair}, one, isSecond${pair})`, pair),
            store('second', `v128.bitselect(one, p${pair}, isSecond${pair})`, pair),
          ]),
          add(quad),
        ],
      ),
      after,
    ],
  )
}

const kinds = ['plain', 'weighted']

export const functions = moduleOf(
  [
    "import { accumulate, madd, mantissa } from './arithmetic'",
    '',
    '/** Base-2 logits so far below the maximum have an exponential of exactly 0. */',
    `export const FLUSH: f64 = ${FLUSH}`,
    '',
    `const TABLE = memory.data<f64>([${table.map(value => value.toExponential()).join(', ')}])`,
  ],
  [exponentials, lesserExponentials, logarithm, ...kinds.map(likelihood), ...kinds.map(twoComponents)],
)
