// Logits of rows of many columns, of which those are left unfinished that are so far below others that they add nothing at all.
import { gather, list, listed } from './block-rows'
import { FLUSH } from './functions.generated'
import { blockStride, densityStride, layout } from './layout'
import { NUMBER } from './memory.generated'
import { lastColumns, takeSome, writeConstant } from './whitening'

/**
 * Base-2 logits of quadratic densities, or more where the exponential is exactly 0 in either case. Squares only ever lower a logit.
 * Those of the last columns tell most, as these are predicted by all others: by them the best component of each row is guessed, and
 * finished, and then all that are not far below it.
 */
export function logitsThatCount(x: usize, pairs: usize): void {
  const columns = <usize>layout.columns
  const last = lastColumns(columns)
  const stride = blockStride()
  const end = layout.logits + layout.components * stride
  let density = layout.densities
  for (let l = layout.logits; l < end; l += stride) {
    writeConstant(density, l, pairs)
    takeSome(false, x, density + NUMBER, l, columns, pairs, last, columns)
    density += densityStride()
  }
  const isWorth = guess(pairs << 1, end, stride)
  for (let guessed = isWorth; ; guessed = false) {
    density = layout.densities
    for (let l = layout.logits; l < end; l += stride) {
      if (isWorth) finish(x, density + NUMBER, l, listRows(l, pairs << 1, guessed), last)
      else takeSome(false, x, density + NUMBER, l, columns, pairs, 0, last)
      density += densityStride()
    }
    if (!guessed) return
  }
}

/** Where the best logit of a row is, as guessed: the softmax leaves sums there later. */
function guessOf(n: usize): usize {
  return <usize>load<u32>(layout.sums + (n << 2))
}

/** Guesses the best logit of each row, and tells whether many others are far below that one as it is now. */
function guess(rows: usize, end: usize, stride: usize): bool {
  let far: usize = 0
  for (let n: usize = 0; n < rows; n++) {
    let best = layout.logits + n * NUMBER
    for (let l = best + stride; l < end; l += stride) if (load<f64>(l) > load<f64>(best)) best = l
    store<u32>(layout.sums + (n << 2), <u32>best)
    const least = load<f64>(best) + FLUSH
    for (let l = layout.logits + n * NUMBER; l < end; l += stride) far += <usize>(load<f64>(l) < least)
  }
  return far << 2 > rows * layout.components
}

/** Lists rows of which a logit is the best guess; or others, where it is near. What is no number is never far below another. */
function listRows(l: usize, rows: usize, areGuessed: bool): usize {
  let count: usize = 0
  for (let n: usize = 0; n < rows; n++) {
    const best = guessOf(n)
    if ((best == l) == areGuessed && !(load<f64>(l) < load<f64>(best) + FLUSH)) list(count++, n)
    l += NUMBER
  }
  return count
}

/** Takes all other squares off the logits of the rows that are listed, two pairs at a time. */
function finish(x: usize, means: usize, l: usize, count: usize, last: usize): void {
  const columns = <usize>layout.columns
  gather(count, x, l, columns, layout.products, layout.ratios)
  takeSome(false, layout.products, means, layout.ratios, columns, ((count + 3) >> 2) << 1, 0, last)
  for (let i: usize = 0; i < count; i++) store<f64>(l + listed(i) * NUMBER, load<f64>(layout.ratios + i * NUMBER))
}
