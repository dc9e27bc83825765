import { checkArgument, type InvalidOption, invalidOption } from '@conjugate/em'
import { anyNumber, numbers, type Schema, whole } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { munkres } from 'munkres'
import { MOST_COMPONENTS } from '../checks/size.js'

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

/** Cells of a table of labels at the most. */
const MOST_CELLS = 2 ** 24

const isAssignment: Schema = numbers(whole(-1, MOST_COMPONENTS - 1))

/** Which labels there are, and the place of each among them. */
const placesOf = (labels: ReadonlyArray<number>): ReadonlyMap<number, number> =>
  new Map([...new Set(labels)].sort((a, b) => a - b).map((label, place) => [label, place]))

/**
 * Compares two fits, or a fit with known classes, by the components of their observations, whatever their numbers. Where
 * one of them is -1, which is not known, the observation does not count.
 * The matching maximises the number of observations that agree (Kuhn and Munkres).
 * Errors: the assignments have other lengths, or hold what is no number of a component.
 */
export const compareAssignments = (
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): E.Either<InvalidOption, Agreement> =>
  pipe(
    checkArgument('first', isAssignment)(first),
    E.chain(() => checkArgument('second', isAssignment)(second)),
    E.chain(() => checkArgument('second', numbers(anyNumber, first.length))(second)),
    E.chain(() => {
      const known = Array.from({ length: first.length }, (_, n) => n).filter(n => first[n]! >= 0 && second[n]! >= 0)
      const [a, b] = [known.map(n => first[n]!), known.map(n => second[n]!)]
      const cells = placesOf(a).size * placesOf(b).size
      return cells <= MOST_CELLS
        ? E.right(agreementOf(a, b))
        : invalidOption('assignments', `at most ${MOST_CELLS} pairs of components`, `${cells} of them`)
    }),
  )

const agreementOf = (a: ReadonlyArray<number>, b: ReadonlyArray<number>): Agreement => {
  const [ofFirst, ofSecond] = [placesOf(a), placesOf(b)]
  const [rows, columns] = [ofFirst.size, ofSecond.size]
  const table = Array.from({ length: rows }, () => new Array<number>(columns).fill(0))
  for (const [n, k] of a.entries()) table[ofFirst.get(k)!]![ofSecond.get(b[n]!)!]!++
  const sums = {
    rows: table.map(total),
    columns: Array.from({ length: columns }, (_, j) => total(table.map(r => r[j]!))),
  }
  const together = total(table.flat().map(pairs))
  const [ofRows, ofColumns] = [total(sums.rows.map(pairs)), total(sums.columns.map(pairs))]
  const expected = a.length < 2 ? 0 : (ofRows * ofColumns) / pairs(a.length)
  const most = (ofRows + ofColumns) / 2
  const chosen = rows === 0 || columns === 0 ? [] : munkres(table.map(r => r.map(v => -v)))
  const [firsts, seconds] = [[...ofFirst.keys()], [...ofSecond.keys()]]
  const matching = new Array<number>((firsts.at(-1) ?? -1) + 1).fill(-1)
  for (const [i, j] of chosen) matching[firsts[i]!] = seconds[j]!
  const matched = total(chosen.map(([i, j]) => table[i]![j]!))
  return {
    // Both partitions are trivial where nothing could differ.
    adjustedRandIndex: most === expected ? 1 : (together - expected) / (most - expected),
    matching,
    matched: a.length === 0 ? 1 : matched / a.length,
  }
}
