/** Turns K logits into probabilities, all 0 where none has a density, and gives the logarithm of their sum. */
export const softmax = (logits: Float64Array, first: number, components: number): number => {
  const end = first + components
  let most = Number.NEGATIVE_INFINITY
  // Unlike a comparison, Math.max lets a NaN through to the result.
  for (let i = first; i < end; i++) most = Math.max(most, logits[i]!)
  if (most === Number.NEGATIVE_INFINITY) {
    logits.fill(0, first, end)
    return most
  }
  let sum = 0
  for (let i = first; i < end; i++) {
    const share = Math.exp(logits[i]! - most)
    logits[i] = share
    sum += share
  }
  for (let i = first; i < end; i++) logits[i]! /= sum
  return most + Math.log(sum)
}

/** The number of the greatest of K logits, the first one on ties. */
export const argmax = (logits: Float64Array, first: number, components: number): number => {
  let best = 0
  for (let k = 1; k < components; k++) if (logits[first + k]! > logits[first + best]!) best = k
  return best
}
