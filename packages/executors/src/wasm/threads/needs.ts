/** Says that something is needed, and gives the way to say that it no longer is, which counts once. */
export type Need = () => () => void

/**
 * Counts who needs something, which is told when the first one does and when nobody does any more: a flag that one sets
 * would be taken back by another who is done earlier.
 */
export const countNeeds = (tell: (needed: boolean) => void): Need => {
  let count = 0
  return () => {
    if (++count === 1) tell(true)
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      if (--count === 0) tell(false)
    }
  }
}
