import { blockStride, dataOf, densityStride, LANES, layout, NUMBER, triangle } from './layout'
import { whiten } from './tiles.generated'
import { logits as unrolled } from './unrolled.generated'

/** Base-2 logits of every component for the rows of a block. */
export function logits(block: u32, pairs: usize): void {
  const stride = blockStride()
  const x = dataOf(block)
  let density = layout.densities
  let l = layout.logits
  for (let k: u32 = 0; k < layout.components; k++) {
    if (layout.columns <= 4) unrolled(layout.columns, x, density, l, pairs)
    else tiled(x, density, l, pairs)
    density += densityStride()
    l += stride
  }
}

/** Any number of columns: four rows of the whitening matrix at a time. */
function tiled(x: usize, density: usize, l: usize, pairs: usize): void {
  const columns = <usize>layout.columns
  const tiles = density + (1 + columns) * NUMBER
  subtractMean(x, density, l, pairs)
  for (let i: usize = 0; i < columns; i += 4)
    whiten(columns - i, layout.residuals, tiles + triangle(i) * NUMBER, l, i, columns, pairs)
}

/** Writes the residuals x - mean, and the constant where the logits will be. */
function subtractMean(x: usize, density: usize, l: usize, pairs: usize): void {
  const constant = v128.load_splat<f64>(density)
  const means = density + NUMBER
  const lastMean = means + <usize>layout.columns * NUMBER
  let residual = layout.residuals
  for (const end = l + pairs * LANES; l < end; l += LANES) {
    v128.store(l, constant)
    for (let mean = means; mean < lastMean; mean += NUMBER) {
      v128.store(residual, f64x2.sub(v128.load(x), v128.load_splat<f64>(mean)))
      x += LANES
      residual += LANES
    }
  }
}
