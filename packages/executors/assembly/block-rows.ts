// Rows of a block that are worked on by themselves: listed, and copied side by side.
import { layout } from './layout'
import { LANES, NUMBER } from './memory.generated'

/** Lists a row, where the softmax leaves maxima. */
export function list(place: usize, n: usize): void {
  store<u32>(layout.maxima + (place << 2), <u32>n)
}

export function listed(place: usize): usize {
  return <usize>load<u32>(layout.maxima + (place << 2))
}

/** Copies so many rows that are listed, and a number of each. In a last pair that is not full they leave what lies there. */
export function gather(count: usize, x: usize, from: usize, columns: usize, rows: usize, to: usize): void {
  for (let i: usize = 0; i < count; i++) {
    const n = listed(i)
    store<f64>(to + i * NUMBER, load<f64>(from + n * NUMBER))
    let source = x + (n >> 1) * columns * LANES + (n & 1) * NUMBER
    let target = rows + (i >> 1) * columns * LANES + (i & 1) * NUMBER
    for (const end = source + columns * LANES; source < end; source += LANES) {
      store<f64>(target, load<f64>(source))
      target += LANES
    }
  }
}
