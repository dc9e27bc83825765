// When E-steps leave something out, and when rows are laid out anew: from counts of pairs of rows and components alone, which
// are whole numbers and the same for any number of threads.

/** What a pass over all rows does. */
export interface Pass {
  /** Whether it computes everything. */
  readonly everything: boolean
  /** Whether it says by what rows would be laid out anew. */
  readonly keyed: boolean
}

/** Pairs of rows and components that a pass computed, and those of them that counted. */
export interface Tally {
  readonly computed: number
  readonly counted: number
}

/** The share of all pairs from which on there is nothing to gain. */
const NEARLY_ALL = 0.9

/** In pairs a row: what it costs to lay rows out anew, as measured for columns from 3 to 32. */
const layoutCost = (columns: number): number => 1.5 + 24 / columns

/** From so many columns on keys cost next to nothing, and the first pass writes them. */
const MANY_COLUMNS = 8

/**
 * Looks at what passes gain. Where nearly everything counts, passes compute everything for a while: 1, 3, 7, ... of them. Rows
 * are laid out anew once what was computed in vain is worth it, for twice as much each time.
 */
export const progressOf = (rows: number, columns: number, components: number) => {
  const pairs = rows * components
  let cost = rows * layoutCost(columns)
  let [waste, rest, pause, passes] = [0, 0, 1, 0]
  /** What was computed for each pair that counted when rows had just been laid out anew, which no other layout betters. */
  let least: number | undefined = 1
  let areLaidOut = false
  return {
    next: (): Pass => {
      const everything = passes === 0 || rest > 0
      return { everything, keyed: !everything && ((passes === 1 && columns >= MANY_COLUMNS) || waste > cost) }
    },
    /** Notes a pass, and says whether rows are to be laid out anew. */
    done: ({ everything, keyed }: Pass, { computed, counted }: Tally): boolean => {
      passes++
      if (everything) {
        rest = Math.max(0, rest - 1)
        return false
      }
      least ??= computed / counted
      waste += Math.max(0, computed - least * counted)
      const isVain = counted > NEARLY_ALL * pairs || (areLaidOut && computed > NEARLY_ALL * pairs)
      rest = isVain ? pause : 0
      pause = isVain ? 2 * pause + 1 : 1
      if (!keyed || waste <= cost) return false
      waste = 0
      cost *= 2
      least = undefined
      areLaidOut = true
      return true
    },
  }
}

export type Progress = ReturnType<typeof progressOf>
