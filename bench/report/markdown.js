/**
 * A table whose first column is text and whose others are figures.
 * @param {ReadonlyArray<ReadonlyArray<string>>} rows the first one has the titles
 */
export const table = rows => {
  const widths = rows[0].map((_, i) => Math.max(3, ...rows.map(row => row[i].length)))
  const line = (/** @type {ReadonlyArray<string>} */ cells) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join(' | ')} |`
  const rule = `|${widths.map((width, i) => '-'.repeat(width + 1) + (i === 0 ? '-' : ':')).join('|')}|`
  return [line(rows[0]), rule, ...rows.slice(1).map(line)].join('\n')
}

/** Three significant digits, as a person writes them. @param {number} value */
export const figure = value =>
  Number.isFinite(value) ? (value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))) : '-'

/** @param {number} share */
export const percent = share => `${figure(100 * share)} %`
