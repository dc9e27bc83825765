function splat(address: usize): v128 {
  return f64x2.splat(<f64>load<f32>(address))
}

/**
 * Y = L^-1 B, or L'^-1 B, of `n` systems, a row of all right sides (D x M) at a time; the rows of one system in float64 at `work`,
 * each of an even number. Four rows are taken off at once, since a row that is read and written for each of them waits for memory.
 */
export function solve(l: usize, b: usize, y: usize, n: i32, d: i32, m: i32, transposed: bool, work: usize): void {
  const width = (<usize>m) << 2
  const stride = ((<usize>m + 1) & ~1) << 3
  // From one factor of a row to the next, and from a row to the next.
  const length = (<usize>d) << 2
  const next = transposed ? length : <usize>4
  const down = transposed ? <usize>4 : length
  for (; n > 0; n--) {
    for (let s = 0; s < d; s++) {
      const i = transposed ? d - 1 - s : s
      const row = work + <usize>i * stride
      const offset = <usize>i * width
      store<f64>(row + stride - 8, 0)
      for (let c: usize = 0; c < width; c += 4) store<f64>(row + (c << 1), <f64>load<f32>(b + offset + c))
      let left = s
      const k = transposed ? i + 1 : 0
      let factor = l + <usize>i * down + <usize>k * next
      let other = work + <usize>k * stride
      for (; left >= 4; left -= 4) {
        const f0 = splat(factor)
        const f1 = splat(factor + next)
        const f2 = splat(factor + 2 * next)
        const f3 = splat(factor + 3 * next)
        for (let c: usize = 0; c < stride; c += 16) {
          const at = other + c
          let sum = f64x2.sub(v128.load(row + c), f64x2.mul(f0, v128.load(at)))
          sum = f64x2.sub(sum, f64x2.mul(f1, v128.load(at + stride)))
          sum = f64x2.sub(sum, f64x2.mul(f2, v128.load(at + 2 * stride)))
          v128.store(row + c, f64x2.sub(sum, f64x2.mul(f3, v128.load(at + 3 * stride))))
        }
        factor += next << 2
        other += stride << 2
      }
      for (; left > 0; left--) {
        const f = splat(factor)
        for (let c: usize = 0; c < stride; c += 16)
          v128.store(row + c, f64x2.sub(v128.load(row + c), f64x2.mul(f, v128.load(other + c))))
        factor += next
        other += stride
      }
      const pivot = <f64>load<f32>(l + <usize>i * (next + down))
      for (let c: usize = 0; c < width; c += 4) {
        const value = load<f64>(row + (c << 1)) / pivot
        store<f64>(row + (c << 1), value)
        store<f32>(y + offset + c, <f32>value)
      }
    }
    l += (<usize>(d * d)) << 2
    b += <usize>d * width
    y += <usize>d * width
  }
}
