import { madd } from './arithmetic'

const MANTISSA: i64 = 0x000fffffffffffff
const ONE: i64 = 0x3ff0000000000000

/** The exponent e, as integers, of m 2^e with 1 <= m < 2, for normal positive numbers. */
export function exponent(value: v128): v128 {
  return i64x2.sub(i64x2.shr_u(value, 52), i64x2.splat(1023))
}

/** The m of m 2^e. */
export function mantissa(value: v128): v128 {
  return v128.or(v128.and(value, i64x2.splat(MANTISSA)), i64x2.splat(ONE))
}

/**
 * log2 of normal numbers of at least 1, within 2 units in the last place.
 *
 * With m in [1/sqrt 2, sqrt 2) and z = (m - 1)/(m + 1), log2 m = z Q(z^2), the series of 2 atanh(z) / log 2 with the Q of
 * least relative error (Remez exchange in 60 digits, 1.1e-18).
 */
export function log2(value: v128): v128 {
  const whole = mantissa(value)
  const high = f64x2.ge(whole, f64x2.splat(Math.SQRT2))
  // A true mask is -1: subtracting it carries a halving of m over to e.
  const e = i64x2.sub(exponent(value), high)
  const m = v128.bitselect(f64x2.mul(whole, f64x2.splat(0.5)), whole, high)
  const z = f64x2.div(f64x2.sub(m, f64x2.splat(1)), f64x2.add(m, f64x2.splat(1)))
  const u = f64x2.mul(z, z)
  let q = f64x2.splat(0.21367078312731355)
  q = madd(q, u, f64x2.splat(0.2209118662805325))
  q = madd(q, u, f64x2.splat(0.26233440177812595))
  q = madd(q, u, f64x2.splat(0.3205985339255677))
  q = madd(q, u, f64x2.splat(0.4121985858510767))
  q = madd(q, u, f64x2.splat(0.5770780163454704))
  q = madd(q, u, f64x2.splat(0.9617966939259898))
  q = madd(q, u, f64x2.splat(2.8853900817779268))
  return madd(q, z, f64x2(<f64>i64x2.extract_lane(e, 0), <f64>i64x2.extract_lane(e, 1)))
}
