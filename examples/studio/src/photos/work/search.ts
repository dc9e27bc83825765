import { type findRegions, marksOfLines, outsideOf, type Strokes, textOfLines } from '@conjugate/segmentation/regions'
import type { Asked, Hints } from '../tasks.js'

type Read = Parameters<typeof findRegions>[0]

/** As those of the command where nothing is said. */
const DEFAULTS = { seed: 0, restarts: 1 } as const

/** The iterations of the command where nothing is said. */
export const ITERATIONS = 100

/** The settings by which the command would do the same. */
export const settingsOf = ({ components, smoothness, hints }: Asked): Read['settings'] => {
  const linesOf = (label: 'foreground' | 'background'): string | undefined => {
    const lines = hints.strokes.filter(stroke => stroke.label === label).map(({ points }) => points)
    return lines.length === 0 ? undefined : textOfLines(lines)
  }
  const isForeground = components === 2
  return {
    components,
    smoothness,
    box: isForeground ? hints.box : undefined,
    lasso: isForeground && hints.lasso ? textOfLines([hints.lasso]) : undefined,
    foreground: isForeground ? linesOf('foreground') : undefined,
    background: isForeground ? linesOf('background') : undefined,
    ...DEFAULTS,
  }
}

/**
 * Which pixels strokes mark. Where two cross the later one is right, and where one that is foreground leaves a lasso, it is right,
 * too: a person who draws corrects what was drawn before.
 */
export const marksOf = (
  { lasso, strokes }: Hints,
  size: { readonly width: number; readonly height: number },
): Strokes => {
  const pixels = size.width * size.height
  let foreground: Uint8Array | undefined
  let background = lasso === undefined ? undefined : outsideOf(lasso, size)
  for (const { label, points } of strokes) {
    const marks = marksOfLines([points], size)
    if (label === 'foreground') foreground ??= new Uint8Array(pixels)
    else background ??= new Uint8Array(pixels)
    const [own, other] = label === 'foreground' ? [foreground!, background] : [background!, foreground]
    for (let n = 0; n < pixels; n++)
      if (marks[n] === 1) {
        own[n] = 1
        if (other !== undefined) other[n] = 0
      }
  }
  const drawn = (marks: Uint8Array | undefined): marks is Uint8Array => marks?.includes(1) === true
  return { ...(drawn(foreground) && { foreground }), ...(drawn(background) && { background }) }
}
