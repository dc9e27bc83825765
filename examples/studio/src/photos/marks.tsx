import type { Mark } from './drawing.js'
import type { Point } from './tasks.js'

const middle = ([x, y]: Point): string => `${x + 0.5} ${y + 0.5}`

const pathOf = ({ tool, points }: Mark): string => {
  if (tool === 'box') {
    const [[x0, y0], [x1, y1]] = [points[0]!, points.at(-1)!]
    const [left, top, right, bottom] = [Math.min(x0, x1), Math.min(y0, y1), Math.max(x0, x1) + 1, Math.max(y0, y1) + 1]
    return `M${left} ${top}H${right}V${bottom}H${left}Z`
  }
  const line = `M${points.map(middle).join('L')}`
  if (tool === 'lasso') return `${line}Z`
  // A dot is a line as well.
  return points.length === 1 ? `${line}l0.01 0` : line
}

/** What has been drawn, in the pixels of the photo. */
export const Marks = ({
  marks,
  width,
  height,
}: {
  readonly marks: ReadonlyArray<Mark>
  readonly width: number
  readonly height: number
}) => (
  <svg class="marks" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
    {marks.map((mark, i) => {
      const path = pathOf(mark)
      return (
        <g key={i} class={mark.tool}>
          <path class="casing" d={path} />
          <path d={path} />
        </g>
      )
    })}
  </svg>
)
