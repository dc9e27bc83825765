import { diagonalLogits, linearLogits } from './columns.generated'
import { logitsThatCount } from './distant'
import { blockStride, dataOf, densityStride, layout } from './layout'
import { DIAGONAL, LINEAR, NUMBER, PRODUCT, QUADRATIC } from './memory.generated'
import { productLogits } from './product'
import { quadraticLogits as unrolled, diagonalLogits as unrolledDiagonal } from './unrolled.generated'
import { lastColumns, takeSome, WIDE, writeConstant } from './whitening'

/** Base-2 logits of every component for the rows of a block. */
export function logits(block: u32, pairs: usize): void {
  const stride = blockStride()
  const x = dataOf(block)
  let density = layout.densities
  let l = layout.logits
  if (layout.kind == PRODUCT) return productLogits(block, pairs)
  if (layout.kind == LINEAR) return linear(x, density, l, pairs)
  for (let k: u32 = 0; k < layout.components; k++) {
    logitsOf(x, density, l, pairs)
    density += densityStride()
    l += stride
  }
}

/** The same, but for what an exponential is exactly 0 of. */
export function logitsOfSoftmax(block: u32, pairs: usize): void {
  if (layout.kind == QUADRATIC && <usize>layout.columns >= WIDE && layout.components > 1)
    logitsThatCount(dataOf(block), pairs)
  else logits(block, pairs)
}

/** Of one component, quadratic or diagonal. */
export function logitsOf(x: usize, density: usize, l: usize, pairs: usize): void {
  const columns = <usize>layout.columns
  if (layout.kind == DIAGONAL) {
    if (columns <= 4) unrolledDiagonal(columns, x, density, l, pairs)
    else diagonalLogits(x, density, l, columns, pairs)
  } else if (columns <= 4) unrolled(columns, x, density, l, pairs)
  else tiled(x, density, l, pairs)
}

/** Two components at a time. */
function linear(x: usize, density: usize, l: usize, pairs: usize): void {
  const stride = blockStride()
  const components = <usize>layout.components
  for (let k: usize = 0; k < components; k += 2) {
    linearLogits(components - k, x, density, l, stride, layout.columns, pairs)
    density += 2 * densityStride()
    l += 2 * stride
  }
}

/** Any number of columns. */
function tiled(x: usize, density: usize, l: usize, pairs: usize): void {
  writeConstant(density, l, pairs)
  const columns = <usize>layout.columns
  let end = columns
  for (let first = lastColumns(columns); ; first = 0) {
    takeSome(false, x, density + NUMBER, l, columns, pairs, first, end)
    if (first == 0) return
    end = first
  }
}
