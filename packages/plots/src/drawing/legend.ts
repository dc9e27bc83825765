import { element, textAt, widthOf } from './svg.js'

/** One entry of a legend: a sign drawn about (0, 0), at most 11 units to either side, and what it stands for. */
export interface LegendEntry {
  readonly sign: string
  readonly label: string
}

const [SIZE, GAP, SIGN, ROW] = [12.5, 20, 30, 21]

/** Entries that are named; of more it is said how many there are. */
const MOST = 14

/** The entries of a legend in rows of at most a width, about y = 0 downwards, and how high they are. */
export const legend = (
  entries: ReadonlyArray<LegendEntry>,
  width: number,
): { readonly height: number; readonly drawnAt: (left: number, top: number) => string } => {
  const rest = entries.length - MOST
  const shown = rest > 1 ? [...entries.slice(0, MOST), { sign: '', label: `and ${rest} more` }] : entries
  let [x, row] = [0, 0]
  const placed = shown.map(entry => {
    const length = SIGN + widthOf(entry.label, SIZE)
    if (x > 0 && x + length > width) [x, row] = [0, row + 1]
    const place = { entry, x, row }
    x += length + GAP
    return place
  })
  return {
    height: placed.length === 0 ? 0 : (row + 1) * ROW + 6,
    drawnAt: (left, top) =>
      placed
        .map(({ entry: { sign, label }, x: across, row: line }) =>
          element(
            'g',
            { transform: `translate(${left + Math.round(across) + 11} ${top + line * ROW + ROW / 2})` },
            sign,
            textAt(sign === '' ? -11 : 18, 0.34 * SIZE, label, { size: SIZE }),
          ),
        )
        .join(''),
  }
}
