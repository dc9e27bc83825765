import { gammaFunctionOf } from '../src/tensors/gamma'

/** Of `n` numbers at `x`, to `out`. */
export function gammaFunction(order: f64, dimension: f64, x: usize, out: usize, n: i32): void {
  for (const end = x + ((<usize>n) << 2); x < end; x += 4, out += 4)
    store<f32>(out, <f32>gammaFunctionOf(order, dimension, <f64>load<f32>(x)))
}
