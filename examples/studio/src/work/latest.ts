/**
 * Runs one after another of what is asked for, and of what is asked for meanwhile the latest alone: while a hand draws, results
 * follow it as fast as they come, and the last one is of all that was drawn.
 */
export const latest = <Input>(run: (input: Input) => Promise<unknown>): ((input: Input) => void) => {
  let isRunning = false
  let next: { readonly input: Input } | undefined
  const go = async (): Promise<void> => {
    isRunning = true
    while (next !== undefined) {
      const { input } = next
      next = undefined
      await run(input)
    }
    isRunning = false
  }
  return input => {
    next = { input }
    if (!isRunning) void go()
  }
}
