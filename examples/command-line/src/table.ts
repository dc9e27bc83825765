/** Rows of text with their columns two spaces apart; numbers line up on the right, words on the left. */
export const alignColumns = (rows: readonly (readonly string[])[], align: 'left' | 'right' = 'left'): string => {
  const widths = rows.reduce<number[]>(
    (known, row) =>
      Array.from({ length: Math.max(known.length, row.length) }, (_, i) =>
        Math.max(known[i] ?? 0, row[i]?.length ?? 0),
      ),
    [],
  )
  const pad = (cell: string, width: number): string => (align === 'left' ? cell.padEnd(width) : cell.padStart(width))
  return rows
    .map(row =>
      row
        .map((cell, i) => pad(cell, widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
