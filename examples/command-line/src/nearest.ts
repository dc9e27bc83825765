/** How many letters must be added, removed, replaced or swapped with their neighbour to turn one word into the other. */
const editDistance = (a: string, b: string): number => {
  const table = Array.from({ length: a.length + 1 }, (_, i) => Array.from({ length: b.length + 1 }, (_, j) => i || j))
  const at = (i: number, j: number): number => (i === 0 ? j : j === 0 ? i : (table[i]?.[j] ?? 0))
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaced = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Infinity
      ;(table[i] ?? [])[j] = Math.min(replaced, swapped, at(i - 1, j) + 1, at(i, j - 1) + 1)
    }
  }
  return at(a.length, b.length)
}

/** The candidate that a mistyped or shortened word most likely meant, if any is close. */
export const nearest = (word: string, candidates: readonly string[]): string | undefined => {
  const typed = word.toLowerCase()
  const ranked = candidates
    .map(candidate => ({
      candidate,
      distance: typed.length >= 2 && candidate.startsWith(typed) ? 0 : editDistance(typed, candidate),
    }))
    .sort((a, b) => a.distance - b.distance)
  const best = ranked[0]
  return best !== undefined && best.distance <= Math.max(1, Math.floor(typed.length / 3)) ? best.candidate : undefined
}
