import { FONT_FAMILY } from './render.js'

/** What XML cannot hold, even escaped. */
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

/** Text as it must stand inside an XML element or attribute. */
export const escapeXml = (text: string): string =>
  text
    .replace(IMPOSSIBLE, '\ufffd')
    .replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] ?? c)

export interface TextStyle {
  readonly size: number
  readonly bold?: boolean
  readonly anchor?: 'start' | 'middle' | 'end'
}

/** A line of text whose baseline starts (or is centred, or ends) at (x, y). */
export const textAt = (x: number, y: number, content: string, { size, bold, anchor = 'start' }: TextStyle): string =>
  `<text x="${x}" y="${y}" font-size="${size}" font-weight="${bold ? 'bold' : 'normal'}" ` +
  `text-anchor="${anchor}">${escapeXml(content)}</text>`

/** A whole drawing of the given size around its elements. */
export const svgDocument = (width: number, height: number, elements: readonly string[]): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
  `font-family="${FONT_FAMILY}" fill="#1a1a1a" color="#1a1a1a">${elements.join('')}</svg>`
