// Products of factors: the functions of each kind, one factor after the other, on logits that they share.
import { madd } from './arithmetic'
import { factorDiagonalLogits, factorDiagonalSums, factorLinearLogits, linearSums } from './columns.generated'
import { addLogs, addToLevels, factorOf, findPlaces, foldLevels, indicesFrom } from './indices'
import { blockStride, layout } from './layout'
import { DIAGONAL, Factor, INDEXED, LANES, LINEAR, NUMBER, OFFSET } from './memory.generated'
import { addOuter } from './outer'
import { scaleByRatio } from './responsibilities'
import { fold } from './sums'
import { takeSome, writeConstant } from './whitening'

/** The rows of a block. */
function dataOf(factor: Factor, block: u32): usize {
  return factor.data + <usize>block * blockStride() * factor.columns
}

/** Base-2 logits of every component for the rows of a block. */
export function productLogits(block: u32, pairs: usize): void {
  writeConstants(layout.densities + <usize>layout.components * layout.numbers * NUMBER, pairs)
  let density = layout.densities
  for (let number: u32 = 0; number < layout.factorCount; ) {
    const factor = factorOf(number)
    const x = dataOf(factor, block)
    let count: u32 = 1
    if (factor.kind == LINEAR) linearLogits(factor, x, density, pairs)
    else if (factor.kind == OFFSET) addOffsets(factor, x, pairs)
    else if (factor.kind == INDEXED) {
      count = indicesFrom(number)
      addLogs(number, count, block, density, pairs)
    } else ownLogits(factor, x, density, pairs)
    for (const end = number + count; number < end; number++)
      density += <usize>layout.components * factorOf(number).numbers * NUMBER
  }
}

function writeConstants(constants: usize, pairs: usize): void {
  let logits = layout.logits
  for (let k: u32 = 0; k < layout.components; k++) {
    writeConstant(constants + <usize>k * NUMBER, logits, pairs)
    logits += blockStride()
  }
}

/** Two components at a time. */
function linearLogits(factor: Factor, x: usize, density: usize, pairs: usize): void {
  const stride = blockStride()
  const components = <usize>layout.components
  let l = layout.logits
  for (let k: usize = 0; k < components; k += 2) {
    factorLinearLogits(components - k, x, density, l, stride, factor.columns, pairs)
    density += 2 * factor.numbers * NUMBER
    l += 2 * stride
  }
}

/** Adds a column to the logits of each component. */
function addOffsets(factor: Factor, x: usize, pairs: usize): void {
  const step = <usize>factor.columns * LANES
  const scale = f64x2.splat(Math.LOG2E)
  let logits = layout.logits
  for (let k: u32 = 0; k < layout.components; k++) {
    let offset = x
    const end = logits + pairs * LANES
    for (let l = logits; l < end; l += LANES) {
      v128.store(l, madd(v128.load(offset), scale, v128.load(l)))
      offset += step
    }
    x += LANES
    logits += blockStride()
  }
}

function ownLogits(factor: Factor, x: usize, density: usize, pairs: usize): void {
  const columns = <usize>factor.columns
  let l = layout.logits
  for (let k: u32 = 0; k < layout.components; k++) {
    if (factor.kind == DIAGONAL) factorDiagonalLogits(x, density, l, columns, pairs)
    else takeSome(true, x, density + NUMBER, l, columns, pairs, 0, columns)
    density += factor.numbers * NUMBER
    l += blockStride()
  }
}

/**
 * Adds the weighted statistics of the rows of a block to the partial sums; weights are among those of the first factor, or follow
 * from them.
 */
export function productStatistics(block: u32, pairs: usize): void {
  const stride = blockStride()
  const first = factorOf(0)
  let partial = layout.partials
  let q = layout.logits
  for (let k: u32 = 0; k < layout.components; k++) {
    // Those of indices are the sums of all levels.
    scaleByRatio(q, layout.ratios, first.kind == INDEXED ? layout.products : partial, pairs)
    partial += first.numbers * LANES
    q += stride
  }
  let density = layout.densities
  partial = layout.partials
  for (let number: u32 = 0; number < layout.factorCount; ) {
    const factor = factorOf(number)
    const x = dataOf(factor, block)
    let count: u32 = 1
    if (factor.kind == LINEAR) addLinear(factor, x, partial, pairs)
    else if (factor.kind == INDEXED) {
      count = indicesFrom(number)
      addToLevels(number, count, partial, pairs)
    } else if (factor.kind != OFFSET) addOwn(factor, x, density, partial, pairs)
    for (const end = number + count; number < end; number++) {
      const numbers = <usize>layout.components * factorOf(number).numbers
      density += numbers * NUMBER
      partial += numbers * LANES
    }
  }
}

/** Makes one number of every two lanes of the sums of all factors. */
export function foldProduct(target: usize): void {
  let partial = layout.partials
  for (let number: u32 = 0; number < layout.factorCount; ) {
    const count = max(1, indicesFrom(number))
    let bytes: usize = 0
    for (let f = number; f < number + count; f++) bytes += <usize>layout.components * factorOf(f).numbers * LANES
    target =
      factorOf(number).kind == INDEXED
        ? foldLevels(number, count, partial, target)
        : fold(partial, partial + bytes, target)
    partial += bytes
    number += count
  }
}

/** Finds what the sums need of rows where no logits have been computed. */
export function productPlaces(block: u32, pairs: usize): void {
  for (let number: u32 = 0; number < layout.factorCount; number++) {
    const count = indicesFrom(number)
    if (count == 0) continue
    findPlaces(number, count, block, pairs)
    number += count
  }
}

/** Two components at a time. */
function addLinear(factor: Factor, x: usize, partial: usize, pairs: usize): void {
  const stride = blockStride()
  const components = <usize>layout.components
  const partialStride = <usize>factor.numbers * LANES
  let q = layout.logits
  let sums = partial + LANES
  for (let k: usize = 0; k < components; k += 2) {
    linearSums(components - k, x, q, stride, sums, partialStride, factor.columns, pairs)
    q += 2 * stride
    sums += 2 * partialStride
  }
}

function addOwn(factor: Factor, x: usize, density: usize, partial: usize, pairs: usize): void {
  const columns = <usize>factor.columns
  let q = layout.logits
  for (let k: u32 = 0; k < layout.components; k++) {
    const sums = partial + LANES
    if (factor.kind == DIAGONAL)
      factorDiagonalSums(x, density + NUMBER, q, sums, sums + columns * LANES, columns, pairs)
    else addOuter(true, x, density + NUMBER, q, sums, columns, pairs)
    density += factor.numbers * NUMBER
    partial += factor.numbers * LANES
    q += blockStride()
  }
}
