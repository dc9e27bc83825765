import { madd } from './arithmetic'

/** Below this a power of two is taken as an exact 0, so that its products are never denormal, which is slow. */
const FLUSH: f64 = -960

/** 1.5 x 2^52: adding it rounds a small number to an integer, which is then found in the lowest bits. */
const SHIFT: f64 = 6755399441055744

/**
 * 2^t for t <= 0, within 1 unit in the last place (2 without fused multiply-add); exactly 1 at 0, 0 below 2^-960
 * and for NaN.
 *
 * t = n + f with an integer n and |f| <= 1/2; 2^f is 1 + f P(f) with the P of least relative error (Remez exchange in
 * 60 digits, 3.4e-18), and n is added to the exponent bits.
 */
export function exp2(t: v128): v128 {
  const low = f64x2.splat(FLUSH)
  const shift = f64x2.splat(SHIFT)
  // pmax gives its first argument where the second is NaN.
  const x = f64x2.pmax(low, t)
  const n = f64x2.add(x, shift)
  const f = f64x2.sub(x, f64x2.sub(n, shift))
  let p = f64x2.splat(4.4347712982003387e-10)
  p = madd(p, f, f64x2.splat(7.0737832485031966e-9))
  p = madd(p, f, f64x2.splat(1.0178199571842138e-7))
  p = madd(p, f, f64x2.splat(1.3215435282308488e-6))
  p = madd(p, f, f64x2.splat(1.5252733493127489e-5))
  p = madd(p, f, f64x2.splat(0.0001540353045711209))
  p = madd(p, f, f64x2.splat(0.001333355814677462))
  p = madd(p, f, f64x2.splat(0.00961812910759412))
  p = madd(p, f, f64x2.splat(0.055504108664820084))
  p = madd(p, f, f64x2.splat(0.2402265069591013))
  p = madd(p, f, f64x2.splat(0.6931471805599453))
  p = madd(p, f, f64x2.splat(1))
  return v128.and(i64x2.add(p, i64x2.shl(n, 52)), f64x2.gt(x, low))
}
