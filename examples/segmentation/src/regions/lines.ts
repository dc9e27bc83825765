/** A column and a row. */
export type Point = readonly [column: number, row: number]

/** Marks the pixels of a line between two points. */
const markLine = (marks: Uint8Array, width: number, [x, y]: Point, [toX, toY]: Point): void => {
  const steps = Math.max(1, Math.abs(toX - x), Math.abs(toY - y))
  for (let i = 0; i <= steps; i++) {
    const [column, row] = [Math.round(x + ((toX - x) * i) / steps), Math.round(y + ((toY - y) * i) / steps)]
    marks[row * width + column] = 1
  }
}

const LINE = /^\d+,\d+(,\d+,\d+)*$/

/** The points of strokes that are written as X,Y,X,Y,... with semicolons between them; nothing where this is something else. */
export const linesOf = (text: string): readonly (readonly Point[])[] | undefined => {
  const lines = text.split(';').map(line => line.trim())
  if (!lines.every(line => LINE.test(line))) return undefined
  return lines.map(line => {
    const numbers = line.split(',').map(Number)
    return Array.from({ length: numbers.length / 2 }, (_, i): Point => [numbers[2 * i]!, numbers[2 * i + 1]!])
  })
}

/** How strokes are written. */
export const textOfLines = (lines: readonly (readonly Point[])[]): string =>
  lines.map(points => points.flat().join(',')).join(';')

interface Size {
  readonly width: number
  readonly height: number
}

/** Which pixels strokes go through, whose points are all in the picture. */
export const marksOfLines = (lines: readonly (readonly Point[])[], { width, height }: Size): Uint8Array => {
  const marks = new Uint8Array(width * height)
  for (const points of lines)
    for (const [i, point] of points.entries()) markLine(marks, width, points[Math.max(0, i - 1)]!, point)
  return marks
}

/**
 * Which pixels are outside of a polygon, by the even-odd rule for their middles. What its line goes through is inside, so that a
 * thin one has something in it.
 */
export const outsideOf = (corners: readonly Point[], { width, height }: Size): Uint8Array => {
  const isLine = marksOfLines([[...corners, corners[0]!]], { width, height })
  const outside = new Uint8Array(width * height).fill(1)
  for (let row = 0; row < height; row++) {
    // A little below the middle, so that no corner is on the line.
    const y = row + 2 ** -20
    const crossings: number[] = []
    for (const [i, [x0, y0]] of corners.entries()) {
      const [x1, y1] = corners[(i + 1) % corners.length]!
      if (y0 > y !== y1 > y) crossings.push(x0 + ((y - y0) * (x1 - x0)) / (y1 - y0))
    }
    crossings.sort((a, b) => a - b)
    for (let i = 0; i + 1 < crossings.length; i += 2)
      for (let x = Math.max(0, Math.ceil(crossings[i]!)); x <= Math.min(width - 1, crossings[i + 1]!); x++)
        outside[row * width + x] = 0
  }
  for (let n = 0; n < outside.length; n++) if (isLine[n] === 1) outside[n] = 0
  return outside
}
