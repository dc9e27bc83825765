import type { CheckedRows } from '../rows.js'
import { rangesOf } from '../wasm/expectation.js'
import { blocksOf, PAIR_ROWS } from '../wasm/layout.js'
import type { Part } from './share.js'

/** At most `count` parts of whole ranges of blocks, as equal as these allow, in the order of the rows, of which they are views. */
export const split = (checked: CheckedRows, count: number): ReadonlyArray<Part> => {
  const { rows, columns, data, origin, rowWeights } = checked
  const blocks = blocksOf(checked)
  const ranges = rangesOf(blocks)
  const blockRows = blocks.blockPairs * PAIR_ROWS
  const parts = Math.max(1, Math.min(count, ranges.length))
  return Array.from({ length: parts }, (_, i) => {
    const own = ranges.slice(Math.floor((i * ranges.length) / parts), Math.floor(((i + 1) * ranges.length) / parts))
    const firstBlock = own[0]?.[0] ?? 0
    const from = firstBlock * blockRows
    const to = Math.min((own.at(-1)?.[1] ?? 0) * blockRows, rows)
    return {
      rows: {
        rows: to - from,
        columns,
        data: data.subarray(from * columns, to * columns),
        origin,
        rowWeights: rowWeights?.subarray(from, to),
      },
      ranges: own.map(([first, end]) => [first - firstBlock, end - firstBlock]),
    }
  })
}
