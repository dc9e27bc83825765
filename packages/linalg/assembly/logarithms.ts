// As `matrices.ts`: what takes a logarithm, which a page that needs none does without.
import { gammaFunctionOf } from '../src/gamma'

/** Of `n` numbers at `x`, to `out`. */
export function gammaFunction(order: f64, dimension: f64, x: usize, out: usize, n: i32): void {
  for (const end = x + ((<usize>n) << 2); x < end; x += 4, out += 4)
    store<f32>(out, <f32>gammaFunctionOf(order, dimension, <f64>load<f32>(x)))
}

/** The logarithms of the determinants of `n` matrices, whose factors are at `l`. */
export function logDeterminant(l: usize, out: usize, n: i32, d: i32): void {
  const next = (<usize>(d + 1)) << 2
  for (let t = 0; t < n; t++, out += 4) {
    let sum: f64 = 0
    for (let i = 0; i < d; i++) sum += Math.log(<f64>load<f32>(l + <usize>i * next))
    store<f32>(out, <f32>(2 * sum))
    l += (<usize>(d * d)) << 2
  }
}
