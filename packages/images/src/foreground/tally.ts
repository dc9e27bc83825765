/** How often each of U colours occurs under each of L labels, U x L. */
export const tallyOf = (
  index: Int32Array,
  labels: Uint8Array,
  colours: number,
  weights: Float64Array | undefined,
  count = 2,
): Float64Array => {
  const tally = new Float64Array(count * colours)
  if (weights === undefined) for (let n = 0; n < index.length; n++) tally[count * index[n]! + labels[n]!]!++
  else for (let n = 0; n < index.length; n++) tally[count * index[n]! + labels[n]!]! += weights[n]!
  return tally
}

/** What pixels add to the log likelihood, given how often each label has each colour. */
export const likelihoodOf = (labelLogs: Float64Array, tally: Float64Array): number => {
  let sum = 0
  // A colour that a label doesn't have may be impossible there.
  for (let i = 0; i < tally.length; i++) if (tally[i]! > 0) sum += tally[i]! * labelLogs[i]!
  return sum
}

/** How often each of U colours occurs under one of L labels, in an array that is there or a new one. */
export const ofLabel = (
  tally: Float64Array,
  label: number,
  labels: number,
  weights: Float64Array = new Float64Array(tally.length / labels),
): Float64Array => {
  for (let u = 0; u < weights.length; u++) weights[u] = tally[labels * u + label]!
  return weights
}
