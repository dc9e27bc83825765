import { diagonalSums, linearSums } from './columns.generated'
import { blockStride, dataOf, densityStride, layout, partialStride } from './layout'
import { DIAGONAL, LANES, LINEAR, NUMBER, PRODUCT } from './memory.generated'
import { addOuter } from './outer'
import { productStatistics } from './product'
import { scaleByRatio } from './responsibilities'
import { quadraticStatistics as unrolled, diagonalStatistics as unrolledDiagonal } from './unrolled.generated'

/** Adds the weighted statistics of the rows of a block to the partial sums of every component. */
export function statistics(block: u32, pairs: usize): void {
  if (layout.kind == PRODUCT) return productStatistics(block, pairs)
  const stride = blockStride()
  const x = dataOf(block)
  const ratios = layout.ratios
  let density = layout.densities
  let q = layout.logits
  let partial = layout.partials
  for (let k: u32 = 0; k < layout.components; k++) {
    if (layout.kind == LINEAR) scaleByRatio(q, ratios, partial, pairs)
    else statisticsOf(x, density, q, partial, pairs)
    density += densityStride()
    q += stride
    partial += partialStride()
  }
  if (layout.kind == LINEAR) linear(x, pairs)
}

/** Of one component, quadratic or diagonal. */
export function statisticsOf(x: usize, density: usize, q: usize, partial: usize, pairs: usize): void {
  const ratios = layout.ratios
  if (layout.kind == DIAGONAL) {
    if (layout.columns <= 4) unrolledDiagonal(layout.columns, x, density, q, ratios, partial, pairs)
    else diagonal(x, density, q, ratios, partial, pairs)
  } else if (layout.columns <= 4) unrolled(layout.columns, x, density, q, ratios, partial, pairs)
  else tiled(x, density, q, ratios, partial, pairs)
}

/** Two components at a time, once their responsibilities are there. */
function linear(x: usize, pairs: usize): void {
  const stride = blockStride()
  const components = <usize>layout.components
  let q = layout.logits
  let sums = layout.partials + LANES
  for (let k: usize = 0; k < components; k += 2) {
    linearSums(components - k, x, q, stride, sums, partialStride(), layout.columns, pairs)
    q += 2 * stride
    sums += 2 * partialStride()
  }
}

function diagonal(x: usize, density: usize, q: usize, ratios: usize, partial: usize, pairs: usize): void {
  const columns = <usize>layout.columns
  const sums = partial + LANES
  scaleByRatio(q, ratios, partial, pairs)
  diagonalSums(x, density + NUMBER, q, sums, sums + columns * LANES, columns, pairs)
}

function tiled(x: usize, density: usize, q: usize, ratios: usize, partial: usize, pairs: usize): void {
  scaleByRatio(q, ratios, partial, pairs)
  addOuter(false, x, density + NUMBER, q, partial + LANES, layout.columns, pairs)
}
