/** What XML cannot hold, even escaped. */
const IMPOSSIBLE = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as it must stand inside an XML element or attribute. */
export const escapeXml = (text: string): string =>
  text.replace(IMPOSSIBLE, '\ufffd').replace(/[&<>"]/g, c => ENTITIES[c]!)

/** In units of the drawing, to a hundredth: what is smaller cannot be seen. */
export const rounded = (length: number): number => Math.round(length * 100) / 100

/** An element, whose attributes are numbers and texts; those that are `undefined` are left out. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  ...children: ReadonlyArray<string>
): string => {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? rounded(value) : escapeXml(value!)}"`)
    .join('')
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`
}

/** How a line of text is set. */
export interface TextStyle {
  readonly size: number
  readonly weight?: number
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly opacity?: number
  /** Degrees that it is turned about its place. */
  readonly turned?: number
}

/** A line of text whose baseline starts (or is centred, or ends) at (x, y). */
export const textAt = (x: number, y: number, content: string, style: TextStyle): string =>
  element(
    'text',
    {
      x,
      y,
      'font-size': style.size,
      'font-weight': style.weight,
      'text-anchor': style.anchor,
      'fill-opacity': style.opacity,
      transform: style.turned === undefined ? undefined : `rotate(${style.turned} ${rounded(x)} ${rounded(y)})`,
    },
    escapeXml(content),
  )

/** About how wide a text is: fonts differ, and none is measured. */
export const widthOf = (text: string, size: number): number => 0.58 * size * [...text].length

/** A line through places that are given in turns, x and y. */
export const lineThrough = (places: ArrayLike<number>, isClosed = false): string => {
  const parts: string[] = []
  for (let i = 0; i < places.length; i += 2)
    parts.push(`${i === 0 ? 'M' : 'L'}${rounded(places[i]!)},${rounded(places[i + 1]!)}`)
  return parts.join('') + (isClosed ? 'Z' : '')
}
