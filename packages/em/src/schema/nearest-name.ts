/** Longer names are no misspelt ones. */
const LONGEST_NAME = 40

/** How many letters have to be changed, added, left out or swapped with their neighbour. */
const distance = (a: string, b: string): number => {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same, swapped))
    }
    ;[before, row] = [row, next]
  }
  return row.at(-1)!
}

/** The known name that a misspelt one is likely to stand for, if any. */
export const nearestName = (name: string, known: ReadonlyArray<string>): string | undefined => {
  if (name.length > LONGEST_NAME) return undefined
  const wanted = name.toLowerCase()
  const distances = known.map(k => (k.toLowerCase() === wanted ? 0 : distance(wanted, k.toLowerCase())))
  const least = Math.min(...distances)
  return least <= Math.max(1, Math.floor(name.length / 3)) ? known[distances.indexOf(least)] : undefined
}
