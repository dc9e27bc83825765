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

/** As a share of all pairs: who gains less by a pass lays out no rows yet, and computes everything meanwhile. */
const LARGE_GAIN = 0.25

/** As a share of what all passes before took: what laying out may take where passes gain less than that. */
const SMALL_COST = 0.025

/** What laying out takes, in what makes it worth it. */
const WHOLE_COST = 2.5

/** From so many columns on keys cost next to nothing, and the first pass that leaves something out writes them. */
const MANY_COLUMNS = 8

/**
 * Looks at what passes gain, or would. At first, and where there is nothing to gain, with the best layout that may be, passes
 * compute everything: after 1, 3, 7, ... of them one is a probe. Rows are laid out anew once what is computed in vain is worth
 * it, for twice as much each time; for the first time, where little is to be gained, once it is little of what there was to do, too, so that
 * a fit that ends soon afterwards has not lost by it.
 */
export const progressOf = (rows: number, columns: number, components: number) => {
  const pairs = rows * components
  let cost = rows * layoutCost(columns)
  let [waste, rest, pause, passes] = [0, 0, 1, 0]
  /** What the next pass would gain, in pairs, as far as is known. */
  let gain = 0
  /** Pairs that are computed for one that counts in the best layout; found when rows have just been laid out. */
  let least: number | undefined = unionOfRows(columns)
  let [isLooking, hasLeftOut, areLaidOut] = [true, false, false]
  const isDue = (): boolean =>
    gain > 0 && waste > cost && (gain > LARGE_GAIN * pairs || WHOLE_COST * cost <= SMALL_COST * passes * pairs)
  return {
    next: (): Pass => ({
      everything: isLooking,
      isProbe: isLooking && rest === 0,
      keyed: !isLooking && ((!hasLeftOut && columns >= MANY_COLUMNS) || waste > cost),
    }),
    /** Notes a pass, and says whether rows are to be laid out anew. */
    done: ({ everything, isProbe, keyed }: Pass, { computed, counted }: Tally): boolean => {
      passes++
      if (everything && !isProbe) {
        rest--
        waste += Math.max(0, areLaidOut ? 0 : gain)
        if (!areLaidOut && isDue()) isLooking = false
        return false
      }
      hasLeftOut ||= !everything
      least ??= computed / counted
      // Before rows are laid out the choice is to compute everything, and nothing besides.
      const besides = overhead(columns) * pairs
      const best = Math.min(computed, least * counted)
      gain = pairs - (areLaidOut ? computed : best) - besides
      waste += Math.max(0, areLaidOut ? computed - best : gain)
      isLooking = areLaidOut ? gain < 0 : gain < LARGE_GAIN * pairs && !isDue()
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
