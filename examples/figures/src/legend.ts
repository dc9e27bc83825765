import { textAt } from './svg.js'

/** One line of a legend: a sign drawn around (0, 0), at most 12 units to either side, and what it stands for. */
export interface LegendEntry {
  readonly sign: string
  readonly label: string
}

const ROW_HEIGHT = 24

/** The rows of a legend from (x, y) down. */
export const legend = (x: number, y: number, entries: readonly LegendEntry[]): readonly string[] =>
  entries.map(
    ({ sign, label }, row) =>
      `<g transform="translate(${x + 12},${y + row * ROW_HEIGHT})">${sign}${textAt(22, 4.5, label, { size: 13 })}</g>`,
  )
