import { factoriseSmall } from './small'

/** The inner product of the float64 numbers from two addresses on, `bytes` long. */
function dot(p: usize, q: usize, bytes: usize): f64 {
  if (bytes < 32) {
    let few: f64 = 0
    for (; bytes > 0; bytes -= 8, p += 8, q += 8) few += load<f64>(p) * load<f64>(q)
    return few
  }
  let a = f64x2.splat(0)
  let b = f64x2.splat(0)
  let k: usize = 0
  for (const whole = bytes & ~31; k < whole; k += 32) {
    a = f64x2.add(a, f64x2.mul(v128.load(p + k), v128.load(q + k)))
    b = f64x2.add(b, f64x2.mul(v128.load(p + k, 16), v128.load(q + k, 16)))
  }
  a = f64x2.add(a, b)
  let sum = f64x2.extract_lane(a, 0) + f64x2.extract_lane(a, 1)
  for (; k < bytes; k += 8) sum += load<f64>(p + k) * load<f64>(q + k)
  return sum
}

/** The lower factor (D x D) of the float32 matrix at `x`, in float64 at `l`; where there is none, `false`, and NaN at `out`. */
function factorise(x: usize, d: i32, l: usize, out: usize): bool {
  const stride = (<usize>d) << 3
  let row = l
  for (let i = 0; i < d; i++, row += stride, x += stride >> 1) {
    let other = l
    for (let j: usize = 0, end = (<usize>i) << 3; j <= end; j += 8, other += stride) {
      let sum = <f64>load<f32>(x + (j >> 1)) - dot(row, other, j)
      if (j < end) sum /= load<f64>(other + j)
      // Written so that NaN fails too.
      else if (sum > 0 && sum < Infinity) sum = sqrt<f64>(sum)
      else {
        for (const last = out + ((<usize>(d * d)) << 2); out < last; out += 4) store<f32>(out, NaN)
        return false
      }
      store<f64>(row + j, sum)
    }
  }
  return true
}

/** The lower factors of `n` matrices; one of them at `work`. */
export function cholesky(x: usize, out: usize, n: i32, d: i32, work: usize): void {
  if (d <= 3) return factoriseSmall(x, out, n, d)
  const size = (<usize>(d * d)) << 2
  for (let t = 0; t < n; t++, x += size, out += size) {
    if (!factorise(x, d, work, out)) continue
    for (let i = 0, k: usize = 0; i < d; i++)
      for (let j = 0; j < d; j++, k += 4) store<f32>(out + k, j > i ? 0 : <f32>load<f64>(work + (k << 1)))
  }
}

/** The inverses of `n` matrices: W'W with W = L^-1, the columns of which are at `work` after the factor. */
export function inverse(x: usize, out: usize, n: i32, d: i32, work: usize): void {
  const size = (<usize>(d * d)) << 2
  const stride = (<usize>d) << 3
  const columns = work + (size << 1)
  for (let t = 0; t < n; t++, x += size, out += size) {
    if (!factorise(x, d, work, out)) continue
    for (let j: usize = 0; j < <usize>d; j++) {
      const column = columns + j * stride + (j << 3)
      for (let i = j; i < <usize>d; i++) {
        const row = work + i * stride
        const sum: f64 = (i == j ? 1 : 0) - dot(row + (j << 3), column, (i - j) << 3)
        store<f64>(column + ((i - j) << 3), sum / load<f64>(row + (i << 3)))
      }
    }
    for (let i: usize = 0; i < <usize>d; i++)
      for (let j: usize = 0; j <= i; j++) {
        const from = i << 3
        const sum = <f32>dot(columns + i * stride + from, columns + j * stride + from, stride - from)
        store<f32>(out + ((i * d + j) << 2), sum)
        store<f32>(out + ((j * d + i) << 2), sum)
      }
  }
}
