// When E-steps leave something out, and when rows are laid out anew: from counts of pairs of rows and components alone, which
// are whole numbers and the same for any number of threads.

/** What a pass over all rows does. */
export interface Pass {
  /** Whether it computes everything. */
  readonly everything: boolean
  /** Whether it counts besides, in a sample of the rows, what would have been enough. */
  readonly isProbe: boolean
  /** Whether it says by what rows would be laid out anew. */
  readonly keyed: boolean
}

/** Pairs of rows and components that a pass computed, and those of them that counted. */
export interface Tally {
  readonly computed: number
  readonly counted: number
}

/** In pairs a row: from what waste on rows are laid out anew, a third to a half of what that costs for columns from 3 to 32. */
const layoutCost = (columns: number): number => 1.5 + 24 / columns

/** As shares of all pairs: what a pass costs besides those that it computes, as measured for columns from 3 to 32. */
const overhead = (columns: number): number => 0.04 + 0.6 / columns

/**
 * How many pairs are computed for one that counts once rows are laid out, where it is not known yet: blocks compute what any of
 * their rows needs, and the more columns, the more these differ. Measured on clusters 8 and 12 deviations apart.
 */
const unionOfRows = (columns: number): number => 1 + columns / 16

/** From so many columns on keys cost next to nothing, and the first pass that leaves something out writes them. */
const MANY_COLUMNS = 8

/**
 * Looks at what passes gain, or would. At first, and where there is nothing to gain, with the best layout that may be, passes
 * compute everything: after 1, 3, 7, ... of them one is a probe. Rows are laid out anew once what is computed in vain is worth
 * it, for twice as much each time.
 */
export const progressOf = (rows: number, columns: number, components: number) => {
  const pairs = rows * components
  let cost = rows * layoutCost(columns)
  let [waste, rest, pause] = [0, 0, 1]
  /** Pairs that are computed for one that counts in the best layout; found when rows have just been laid out. */
  let least: number | undefined = unionOfRows(columns)
  let [isLooking, hasLeftOut, areLaidOut] = [true, false, false]
  return {
    next: (): Pass => ({
      everything: isLooking,
      isProbe: isLooking && rest === 0,
      keyed: !isLooking && ((!hasLeftOut && columns >= MANY_COLUMNS) || waste > cost),
    }),
    /** Notes a pass, and says whether rows are to be laid out anew. */
    done: ({ everything, isProbe, keyed }: Pass, { computed, counted }: Tally): boolean => {
      if (everything && !isProbe) {
        rest--
        return false
      }
      hasLeftOut ||= !everything
      least ??= computed / counted
      // Before rows are laid out the choice is to compute everything, and nothing besides.
      const besides = overhead(columns) * pairs
      const best = Math.min(computed, least * counted)
      waste += Math.max(0, areLaidOut ? computed - best : pairs - best - besides)
      isLooking = (areLaidOut ? computed : best) + besides > pairs
      rest = isLooking ? pause : 0
      pause = isLooking ? 2 * pause + 1 : 1
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
