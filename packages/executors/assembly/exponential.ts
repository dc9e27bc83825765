// Exponentials of two lanes, of which constants are loaded from a table: V8 would make each anew, at three instructions.
import { madd, nmadd } from './arithmetic'

const SHIFT: f64 = 6755399441055744
const LEAST: f64 = -690

/** 2^f = 1 + f P(f), |f| <= 1/2: the P of least relative error (Remez exchange in 60 digits, 3.4e-18), highest first. */
const TABLE = memory.data<f64>([
  LEAST,
  1.4426950408889634,
  SHIFT,
  // ln 2 of 32 bits, whose products with whole numbers are exact, and the rest.
  0.6931471803691238,
  1.9082149292705877e-10,
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
  0.6931471805599453,
  1,
])

function constant(i: usize): v128 {
  return v128.load_splat<f64>(TABLE + i * 8)
}

/** e^x of x <= 0, and e^-690 below that: within 2 units in the last place. */
export function exponential(x: v128): v128 {
  const bounded = f64x2.pmax(constant(0), x)
  const shifted = madd(bounded, constant(1), constant(2))
  const n = f64x2.sub(shifted, constant(2))
  const f = f64x2.mul(nmadd(n, constant(4), nmadd(n, constant(3), bounded)), constant(1))
  let p = madd(constant(5), f, constant(6))
  p = madd(p, f, constant(7))
  p = madd(p, f, constant(8))
  p = madd(p, f, constant(9))
  p = madd(p, f, constant(10))
  p = madd(p, f, constant(11))
  p = madd(p, f, constant(12))
  p = madd(p, f, constant(13))
  p = madd(p, f, constant(14))
  p = madd(p, f, constant(15))
  p = madd(p, f, constant(16))
  return i64x2.add(p, i64x2.shl(shifted, 52))
}
