import { diagonalSums, linearSums } from './columns.generated'
import { blockStride, dataOf, densityStride, layout, partialStride } from './layout'
import { DIAGONAL, LANES, LINEAR, NUMBER, PRODUCT } from './memory.generated'
import { productStatistics } from './product'
import { scaleByRatio } from './responsibilities'
import { rectangle, triangle, weigh } from './tiles.generated'
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

/** Any number of columns: four rows of the outer product at a time, by two columns below the diagonal. */
function tiled(x: usize, density: usize, q: usize, ratios: usize, partial: usize, pairs: usize): void {
  const columns = <usize>layout.columns
  const d = layout.residuals
  const g = layout.products
  const sums = partial + LANES
  const outer = sums + columns * LANES
  scaleByRatio(q, ratios, partial, pairs)
  for (let i: usize = 0; i < columns; i += 4) {
    const rows = columns - i
    weigh(rows, x, density + (1 + i) * NUMBER, q, d, g, sums, i, columns, pairs)
    for (let j: usize = 0; j < i; j += 2) rectangle(rows, d, g, outer, i, j, pairs)
    triangle(rows, d, g, outer, i, pairs)
  }
}
