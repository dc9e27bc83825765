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
const polynomial = (result, x, [highest, next, ...others]) => [
  `const ${result}0 = ${constant(highest)}`,
  `const ${result}1 = ${constant(next)}`,
  each(pair => `let ${result}${pair} = madd(${result}0, ${x}${pair}, ${result}1)`),
  others.map((coefficient, i) => [
    `const ${result}${i + 2} = ${constant(coefficient)}`,
    each(pair => `${result}${pair} = madd(${result}${pair}, ${x}${pair}, ${result}${i + 2})`),
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

/**
 * The same for two components, with one exponential instead of two: that of the greater logit is 1, or 0 where both are
 * -Infinity. Writes maxima and sums. A logit of NaN is taken for -Infinity.
 */
const twoExponentials = define(
  'twoExponentials',
  ['first', 'second', 'maxima', 'sums', 'bytes'],
  loop(
    ['first', 'second', 'maxima', 'sums'],
    [
      'const none = f64x2.splat(-Infinity)',
      'const sign = f64x2.splat(-0.0)',
      each(pair => [
        `const a${pair} = f64x2.pmax(none, ${load('first', pair)})`,
        `const b${pair} = ${load('second', pair)}`,
        `const t${pair} = v128.or(f64x2.sub(a${pair}, b${pair}), sign)`,
        store('maxima', `f64x2.pmax(a${pair}, b${pair})`, pair),
      ]),
      exp2(pair => `t${pair}`),
      `const one = ${constant(1)}`,
      each(pair => [
        `const maximum${pair} = ${load('maxima', pair)}`,
        `const one${pair} = v128.and(one, f64x2.gt(maximum${pair}, none))`,
        store('sums', `f64x2.add(one${pair}, p${pair})`, pair),
        // Exclusive ors exchange 1 and p where the first logit is the greater.
        `const both${pair} = v128.xor(one${pair}, p${pair})`,
        `const exchange${pair} = v128.and(both${pair}, f64x2.ge(${load('first', pair)}, maximum${pair}))`,
        `const first${pair} = v128.xor(p${pair}, exchange${pair})`,
        store('first', `first${pair}`, pair),
        store('second', `v128.xor(first${pair}, both${pair})`, pair),
      ]),
    ],
  ),
)

/**
 * Adds sum_n weight (maximum + log2 sum), over rows of positive weight, to a pair of lanes. With the sum m 2^e, an m of
 * sqrt 2 and more is halved and e raised by one. Within 3 units in the last place.
 */
const logarithms = define(
  'logarithms',
  ['sums', 'maxima', 'weights', 'bytes', 'partial'],
  [
    'let total = f64x2.splat(0)',
    loop(
      ['sums', 'maxima', 'weights'],
      [
        `const one = ${constant(1)}`,
        'const zero = f64x2.splat(0)',
        each(pair => [
          `const weight${pair} = ${load('weights', pair)}`,
          `const counted${pair} = f64x2.gt(weight${pair}, zero)`,
          `const s${pair} = f64x2.pmax(one, v128.and(${load('sums', pair)}, counted${pair}))`,
        ]),
        `const bias = ${constant(SHIFT + 1023)}`,
        `const shift = ${constant(SHIFT)}`,
        `const root = ${constant(Math.SQRT2)}`,
        `const half = ${constant(0.5)}`,
        each(pair => [
          `const e${pair} = f64x2.sub(v128.or(i64x2.shr_u(s${pair}, 52), shift), bias)`,
          `const whole${pair} = mantissa(s${pair})`,
          `const high${pair} = f64x2.ge(whole${pair}, root)`,
          `const m${pair} = v128.bitselect(f64x2.mul(whole${pair}, half), whole${pair}, high${pair})`,
          `const z${pair} = f64x2.div(f64x2.sub(m${pair}, one), f64x2.add(m${pair}, one))`,
          `const u${pair} = f64x2.mul(z${pair}, z${pair})`,
        ]),
        polynomial('q', 'u', log2Coefficients),
        each(pair => [
          `const exponent${pair} = f64x2.add(e${pair}, v128.and(one, high${pair}))`,
          `const log${pair} = f64x2.add(${load('maxima', pair)}, madd(q${pair}, z${pair}, exponent${pair}))`,
          `total = madd(weight${pair}, v128.and(log${pair}, counted${pair}), total)`,
        ]),
      ],
    ),
    'accumulate(partial, total)',
  ],
)

export const functions = moduleOf(
  [
    "import { accumulate, madd, mantissa } from './arithmetic'",
    '',
    `const TABLE = memory.data<f64>([${table.map(value => value.toExponential()).join(', ')}])`,
  ],
  [exponentials, twoExponentials, logarithms],
)
