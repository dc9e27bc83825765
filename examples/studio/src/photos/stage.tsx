import { computed, signal } from '@preact/signals'
import { dropTarget } from '../shell/files.js'
import { Bitmap } from './bitmap.js'
import { abandon, begin, drawn, extend, finish, marks, type Tool } from './drawing.js'
import { Marks } from './marks.js'
import { isForeground, openFiles, photo, shown, step, view } from './state.js'
import type { Point } from './tasks.js'

export const tool = signal<Tool>('box')

/** How much of the photo is left uncovered, in hundredths of its width. */
export const uncovered = signal(0)

/** Where the pen of somebody is who draws by keys. */
const pen = signal<Point | undefined>(undefined)

const isOver = signal(false)

const all = computed(() => (drawn.value ? [...marks.value, drawn.value] : marks.value))

const clamped = (value: number, most: number): number => Math.max(0, Math.min(most - 1, Math.floor(value)))

/** The pixel beneath a pointer. */
const pixelAt = (event: PointerEvent, sheet: Element): Point => {
  const { left, top, width, height } = sheet.getBoundingClientRect()
  const { width: columns, height: rows } = photo.value!
  return [
    clamped(((event.clientX - left) / width) * columns, columns),
    clamped(((event.clientY - top) / height) * rows, rows),
  ]
}

const onPointerDown = (event: PointerEvent): void => {
  if (!isForeground.value || event.button !== 0 || drawn.value !== undefined) return
  const sheet = event.currentTarget as HTMLElement
  sheet.setPointerCapture(event.pointerId)
  pen.value = undefined
  begin(tool.value, pixelAt(event, sheet))
}

const onPointerMove = (event: PointerEvent): void => {
  const sheet = event.currentTarget as HTMLElement
  if (drawn.value === undefined || !sheet.hasPointerCapture(event.pointerId)) return
  const events = event.getCoalescedEvents?.() ?? []
  extend((events.length > 0 ? events : [event]).map(one => pixelAt(one, sheet)))
}

const onPointerUp = (event: PointerEvent): void => {
  if ((event.currentTarget as HTMLElement).hasPointerCapture(event.pointerId)) finish()
}

const DIRECTIONS: Readonly<Record<string, Point>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Arrows move the pen, by more with Shift; space and Enter put it down and lift it; Escape gives up what is being drawn. */
const onKeyDown = (event: KeyboardEvent): void => {
  const { width, height } = photo.value!
  if (!isForeground.value || event.ctrlKey || event.metaKey || event.altKey) return
  const at = pen.value ?? [Math.floor(width / 2), Math.floor(height / 2)]
  const direction = DIRECTIONS[event.key]
  if (direction) {
    const length = Math.max(1, Math.round(Math.max(width, height) / (event.shiftKey ? 10 : 80)))
    pen.value = [clamped(at[0] + length * direction[0], width), clamped(at[1] + length * direction[1], height)]
    extend([pen.value])
  } else if (event.key === ' ' || event.key === 'Enter') {
    pen.value = at
    if (drawn.value) finish()
    else begin(tool.value, at)
  } else if (event.key === 'Escape' && drawn.value) abandon()
  else return
  event.preventDefault()
}

const drop = dropTarget(openFiles, is => {
  isOver.value = is
})

const Pen = ({
  at: [x, y],
  width,
  height,
}: {
  readonly at: Point
  readonly width: number
  readonly height: number
}) => (
  <span
    class={drawn.value ? `pen down ${tool.value}` : `pen ${tool.value}`}
    style={{ left: `${(100 * (x + 0.5)) / width}%`, top: `${(100 * (y + 0.5)) / height}%` }}
  />
)

/** The photo with what was found over it, on which a hand draws. */
export const Stage = () => {
  const current = photo.value
  if (current === undefined) return <div class="stage" {...drop} />
  const { name, width, height } = current
  const kind = isForeground.value ? view.value : 'components'
  const isCutOut = kind === 'cut-out' && step.value === undefined
  return (
    <div class={isOver.value ? 'stage over' : 'stage'} {...drop}>
      <div
        class={isForeground.value ? 'sheet drawable' : 'sheet'}
        style={{ '--ratio': width / height, '--uncovered': `${uncovered.value}%` }}
        role="application"
        aria-roledescription="drawing"
        aria-label={
          isForeground.value
            ? `${name}. Arrow keys move a pen, with Shift further; Space puts it down and lifts it; Escape gives up what is being drawn.`
            : name
        }
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application has keys of its own
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerCancel={abandon}
        onKeyDown={onKeyDown}
        onBlur={() => {
          pen.value = undefined
        }}
      >
        <Bitmap class="photo" bitmap={current.photo} />
        <div class={isCutOut ? 'result checks' : 'result'}>
          {shown.value && <Bitmap class="view" bitmap={shown.value.view} />}
        </div>
        {uncovered.value > 0 && <span class="divider" />}
        {isForeground.value && <Marks marks={all.value} width={width} height={height} />}
        {pen.value && <Pen at={pen.value} width={width} height={height} />}
      </div>
      {isOver.value && <p class="drop-here">Drop it: it is segmented as it arrives.</p>}
    </div>
  )
}
