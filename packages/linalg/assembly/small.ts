/** An entry of each of two matrices, in float64. */
function two(x: usize, y: usize): v128 {
  return f64x2.replace_lane(f64x2.splat(<f64>load<f32>(x)), 1, <f64>load<f32>(y))
}

function less(a: v128, b: v128, c: v128): v128 {
  return f64x2.sub(a, f64x2.mul(b, c))
}

/** Writes an entry of each of two factors, which is NaN where `none` is. */
function put(x: usize, y: usize, value: v128, none: v128): void {
  const sum = f32x4.demote_f64x2_zero(f64x2.add(value, none))
  v128.store_lane<f32>(x, sum, 0)
  v128.store_lane<f32>(y, sum, 1)
}

/**
 * The lower factors of `n` matrices of at most three rows: two at once, and without a loop, which would take longer than what is
 * in it.
 */
export function factoriseSmall(x: usize, out: usize, n: i32, d: i32): void {
  const size = (<usize>(d * d)) << 2
  const row = (<usize>d) << 2
  const zero = f64x2.splat(0)
  const one = f64x2.splat(1)
  while (n > 0) {
    // The last of an odd number is beside itself.
    const next = n > 1 ? size : <usize>0
    const y = x + next
    const to = out + next
    const a = f64x2.sqrt(two(x, y))
    let b = zero
    let c = one
    let e = zero
    let f = zero
    let g = one
    let p = row
    if (d > 1) {
      b = f64x2.div(two(x + p, y + p), a)
      c = f64x2.sqrt(less(two(x + p + 4, y + p + 4), b, b))
    }
    if (d > 2) {
      p += row
      e = f64x2.div(two(x + p, y + p), a)
      f = f64x2.div(less(two(x + p + 4, y + p + 4), e, b), c)
      g = f64x2.sqrt(less(less(two(x + p + 8, y + p + 8), e, e), f, f))
    }
    // NaN where a pivot is not positive and finite: a root of 0 is divided by, but for the last.
    const product = f64x2.mul(f64x2.mul(a, c), g)
    const none = f64x2.div(f64x2.sub(product, product), product)
    put(out, to, a, none)
    p = row
    if (d > 1) {
      put(out + 4, to + 4, none, none)
      put(out + p, to + p, b, none)
      put(out + p + 4, to + p + 4, c, none)
    }
    if (d > 2) {
      put(out + 8, to + 8, none, none)
      put(out + p + 8, to + p + 8, none, none)
      p += row
      put(out + p, to + p, e, none)
      put(out + p + 4, to + p + 4, f, none)
      put(out + p + 8, to + p + 8, g, none)
    }
    x = y + size
    out = to + size
    n -= 2
  }
}
