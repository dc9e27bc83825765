/** exp of less is nothing beside 1. */
const LOWEST = -40

/**
 * Turns log densities of U colours under the Gaussians of both labels, U x 2K, into probabilities of the Gaussians within each
 * label, in place, and gives the log densities of the labels, U x 2. `logWeights` are those of the Gaussians, 2K. Where a tally
 * says that a label does not have a colour, zeros are all that is needed.
 */
export const withinLabels = (
  logs: Float64Array,
  logWeights: Float64Array,
  components: number,
  tally?: Float64Array,
): Float64Array => {
  const labels = new Float64Array(logs.length / components)
  for (let at = 0, label = 0; label < labels.length; label++) {
    const end = at + components
    let highest = Number.NEGATIVE_INFINITY
    if (tally === undefined || tally[label]! > 0)
      for (let i = at, k = (label & 1) * components; i < end; i++, k++) {
        logs[i]! += logWeights[k]!
        if (logs[i]! > highest) highest = logs[i]!
      }
    labels[label] = highest
    if (highest === Number.NEGATIVE_INFINITY) {
      logs.fill(0, at, end)
      at = end
      continue
    }
    let sum = 0
    for (let i = at; i < end; i++) {
      const below = logs[i]! - highest
      logs[i] = below > LOWEST ? Math.exp(below) : 0
      sum += logs[i]!
    }
    for (; at < end; at++) logs[at]! /= sum
    labels[label]! += Math.log(sum)
  }
  return labels
}

/** How often each of U colours occurs under each label, U x 2. */
export const tallyOf = (
  index: Int32Array,
  labels: Uint8Array,
  colours: number,
  weights: Float64Array | undefined,
): Float64Array => {
  const tally = new Float64Array(2 * colours)
  if (weights === undefined) for (let n = 0; n < index.length; n++) tally[2 * index[n]! + labels[n]!]!++
  else for (let n = 0; n < index.length; n++) tally[2 * index[n]! + labels[n]!]! += weights[n]!
  return tally
}

/** Multiplies the probabilities of Gaussians within labels by how often their labels have each colour, in place. */
export const timesTally = (within: Float64Array, tally: Float64Array, components: number): Float64Array => {
  for (let at = 0, i = 0; i < tally.length; i++)
    for (const end = at + components; at < end; at++) within[at]! *= tally[i]!
  return within
}

/** Sums of the columns of a matrix. */
export const columnSums = (data: Float64Array, columns: number): Float64Array => {
  const sums = new Float64Array(columns)
  for (let at = 0; at < data.length; ) for (let k = 0; k < columns; k++, at++) sums[k]! += data[at]!
  return sums
}

/** What pixels add to the log likelihood, given how often each label has each colour. */
export const likelihoodOf = (labelLogs: Float64Array, tally: Float64Array): number => {
  let sum = 0
  // A colour that a label doesn't have may be impossible there.
  for (let i = 0; i < tally.length; i++) if (tally[i]! > 0) sum += tally[i]! * labelLogs[i]!
  return sum
}
