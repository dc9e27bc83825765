import { munkres } from 'munkres'

/** How two assignments of the same observations to components agree. */
export interface Agreement {
  /** 1 for the same partition, about 0 for independent ones. Source: Hubert and Arabie, Comparing partitions (1985). */
  readonly adjustedRandIndex: number
  /** For each component of the first the one of the second that it has most in common with, each taken once; -1 without one. */
  readonly matching: ReadonlyArray<number>
  /** The share of observations whose components match. */
  readonly matched: number
}

const pairs = (n: number): number => (n * (n - 1)) / 2

const total = (v: ReadonlyArray<number>): number => v.reduce((a, b) => a + b, 0)

/**
 * Compares two fits, or a fit with known classes, by the components of their observations, whatever their numbers.
 * The matching maximises the number of observations that agree (Kuhn and Munkres).
 */
export const compareAssignments = (first: ArrayLike<number>, second: ArrayLike<number>): Agreement => {
  const [a, b] = [Array.from(first), Array.from(second)]
  const highest = (v: ReadonlyArray<number>): number => v.reduce((m, k) => Math.max(m, k), -1) + 1
  const [rows, columns] = [highest(a), highest(b)]
  const table = Array.from({ length: rows }, () => new Array<number>(columns).fill(0))
  for (const [n, k] of a.entries()) table[k]![b[n]!]!++
  const sums = {
    rows: table.map(total),
    columns: Array.from({ length: columns }, (_, j) => total(table.map(r => r[j]!))),
  }
  const together = total(table.flat().map(pairs))
  const [ofRows, ofColumns] = [total(sums.rows.map(pairs)), total(sums.columns.map(pairs))]
  const expected = a.length < 2 ? 0 : (ofRows * ofColumns) / pairs(a.length)
  const most = (ofRows + ofColumns) / 2
  const chosen = rows === 0 || columns === 0 ? [] : munkres(table.map(r => r.map(v => -v)))
  const matching = new Array<number>(rows).fill(-1)
  for (const [i, j] of chosen) matching[i] = j
  return {
    // Both partitions are trivial where nothing could differ.
    adjustedRandIndex: most === expected ? 1 : (together - expected) / (most - expected),
    matching,
    matched: a.length === 0 ? 1 : total(matching.map((j, i) => (j < 0 ? 0 : table[i]![j]!))) / a.length,
  }
}
