import { computed, signal } from '@preact/signals'
import type { Hints, Point } from './tasks.js'

/** What a pointer does on the photo. */
export const tools = ['foreground', 'background', 'box', 'lasso'] as const

export type Tool = (typeof tools)[number]

/** Something drawn, from where the pointer went down to where it went up. */
export interface Mark {
  readonly tool: Tool
  readonly points: ReadonlyArray<Point>
}

/** What was done, of which a part can be undone. */
type Deed = Mark | 'clear'

const deeds = signal<ReadonlyArray<Deed>>([])
/** How many of them hold; later ones have been undone. */
const held = signal(0)

/** What is being drawn. */
export const drawn = signal<Mark | undefined>(undefined)

const done = computed(() => deeds.value.slice(0, held.value))

/** The marks that hold. */
export const marks = computed<ReadonlyArray<Mark>>(() => {
  const since = done.value.lastIndexOf('clear') + 1
  return done.value.slice(since) as ReadonlyArray<Mark>
})

export const canUndo = computed(() => held.value > 0)
export const canRedo = computed(() => held.value < deeds.value.length)
export const canClear = computed(() => marks.value.length > 0)

const add = (deed: Deed): void => {
  deeds.value = [...done.value, deed]
  held.value = deeds.value.length
}

export const undo = (): void => {
  if (canUndo.value) held.value--
}

export const redo = (): void => {
  if (canRedo.value) held.value++
}

export const clear = (): void => {
  if (canClear.value) add('clear')
}

/** Forgets everything, since it was drawn on another photo. */
export const forget = (): void => {
  deeds.value = []
  held.value = 0
  drawn.value = undefined
}

export const begin = (tool: Tool, point: Point): void => {
  drawn.value = { tool, points: [point] }
}

/** Goes on with what is being drawn: a box has two corners, anything else the points that it goes through. */
export const extend = (points: ReadonlyArray<Point>): void => {
  const mark = drawn.value
  if (mark === undefined) return
  if (mark.tool === 'box') {
    drawn.value = { ...mark, points: [mark.points[0]!, points.at(-1) ?? mark.points[0]!] }
    return
  }
  const all = [...mark.points]
  for (const point of points) {
    const before = all.at(-1)!
    if (before[0] !== point[0] || before[1] !== point[1]) all.push(point)
  }
  drawn.value = { ...mark, points: all }
}

/** Whether a mark says something: a box and a lasso have an inside. */
const isWhole = ({ tool, points }: Mark): boolean => {
  if (tool === 'foreground' || tool === 'background') return true
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)]
  const [width, height] = [Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)]
  return width > 1 && height > 1 && (tool === 'box' || points.length > 2)
}

export const finish = (): void => {
  const mark = drawn.value
  drawn.value = undefined
  if (mark !== undefined && isWhole(mark)) add(mark)
}

export const abandon = (): void => {
  drawn.value = undefined
}

type BoxHint = readonly [number, number, number, number]

/** A box of two corners, both of which are in it. */
const boxOf = ({ points }: Mark): BoxHint => {
  const [[x0, y0], [x1, y1]] = [points[0]!, points.at(-1)!]
  return [Math.min(x0, x1), Math.min(y0, y1), Math.abs(x1 - x0) + 1, Math.abs(y1 - y0) + 1]
}

/** A box that has room for strokes of the foreground. */
const grown = (box: BoxHint, strokes: Hints['strokes']): BoxHint => {
  const points = strokes.flatMap(({ label, points }) => (label === 'foreground' ? points : []))
  const xs = [box[0], box[0] + box[2] - 1, ...points.map(([x]) => x)]
  const ys = [box[1], box[1] + box[3] - 1, ...points.map(([, y]) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return [x, y, Math.max(...xs) - x + 1, Math.max(...ys) - y + 1]
}

/** What marks say: of boxes and lassos the last alone, and all strokes. */
export const hintsOf = (all: ReadonlyArray<Mark>): Hints => {
  const strokes = all.flatMap(({ tool, points }) =>
    tool === 'foreground' || tool === 'background' ? [{ label: tool, points }] : [],
  )
  const frame = all.findLast(({ tool }) => tool === 'box' || tool === 'lasso')
  if (frame === undefined) return { strokes }
  return frame.tool === 'box' ? { strokes, box: grown(boxOf(frame), strokes) } : { strokes, lasso: frame.points }
}

/** What holds, with what is being drawn. */
export const hints = computed<Hints>(() =>
  hintsOf(drawn.value && isWhole(drawn.value) ? [...marks.value, drawn.value] : marks.value),
)
