import { type Layout, PAIR_ROWS } from '../kernel/layout.js'
import { numbers } from '../kernel/transfer.js'
import type { Workspace } from '../kernel/workspace.js'
import type { Area } from './area.js'
import type { Pass, Tally } from './progress.js'

/** Of so many ranges one is in the sample of a probe. */
const [SAMPLE, LEAST_SAMPLES] = [8, 4]

export const sampleOf = ({ ranges }: Pick<Layout, 'ranges'>): number =>
  Math.max(2, Math.min(SAMPLE, Math.floor(ranges / LEAST_SAMPLES)))

/** What the threads counted in a pass, and of a probe what it found in its sample, as if that were all rows. */
export const tallyOf = ({ buffer, layout }: Workspace, area: Area, pass: Pass): Tally => {
  const { rows, components, ranges, rangeBlocks, blockPairs } = layout
  if (pass.everything && !pass.isProbe) return { computed: rows * components, counted: rows * components }
  const tallies = numbers(buffer, area.tallies, 2 * ranges)
  const rangeRows = rangeBlocks * blockPairs * PAIR_ROWS
  let [computed, counted, seen] = [0, 0, 0]
  for (let range = 0; range < ranges; range += pass.isProbe ? sampleOf(layout) : 1) {
    computed += tallies[2 * range]!
    counted += tallies[2 * range + 1]!
    seen += Math.min(rangeRows, rows - range * rangeRows)
  }
  const share = rows / seen
  return { computed: share * computed, counted: share * counted }
}
