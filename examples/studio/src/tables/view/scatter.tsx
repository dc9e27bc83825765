import { useMemo, useState } from 'preact/hooks'
import type { Candidate } from '../fit/fit.js'
import { certainties, current, fitted, pointedOut } from '../state.js'
import { type Choice, type Column, cellText } from '../table.js'
import { inUnitsOf, percent, whole } from '../tell/numbers.js'
import { type Axis, axisOf, drawnRows, ellipseOf, outlineOf, SHARE } from '../tell/scatter.js'
import { Scrollable } from './scrollable.js'
import { colourOf, Sign, symbolAt } from './symbol.js'
import { useWidth } from './width.js'

interface Drawable {
  readonly column: Column
  readonly choice: Choice
}

/** Below this probability of its component a row is drawn hollow. */
const CERTAIN = 0.8

const [MARGIN_TOP, MARGIN_RIGHT, MARGIN_BOTTOM] = [10, 12, 46]

/** The pixels that labels of an axis take, about. */
const widthOf = (labels: ReadonlyArray<string>): number =>
  8 + 7 * Math.max(2, ...labels.map(l => Math.min(l.length, 14)))

const short = (label: string, most: number): string => (label.length > most ? `${label.slice(0, most - 1)}…` : label)

interface Place {
  readonly row: number
  readonly x: number
  readonly y: number
}

interface Frame {
  readonly left: number
  readonly right: number
  readonly bottom: number
  readonly x: (value: number) => number
  readonly y: (value: number) => number
}

const frameOf = (width: number, height: number, across: Axis, up: Axis): Frame => {
  const left = 22 + widthOf(up.ticks.map(({ label }) => label))
  const [right, bottom] = [Math.max(left + 40, width - MARGIN_RIGHT), height - MARGIN_BOTTOM]
  const along =
    ([low, high]: Axis['domain'], from: number, to: number) =>
    (value: number) =>
      from + ((value - low) / (high - low)) * (to - from)
  return { left, right, bottom, x: along(across.domain, left, right), y: along(up.domain, bottom, MARGIN_TOP) }
}

const placesOf = (rows: number, across: Axis, up: Axis, { x, y }: Frame): ReadonlyArray<Place> =>
  drawnRows(rows).flatMap(row => {
    const place = { row, x: x(across.at[row]!), y: y(up.at[row]!) }
    return Number.isNaN(place.x) || Number.isNaN(place.y) ? [] : [place]
  })

/** The rows of each component as outlines: first those that are certain, then the others. */
const pathsOf = (places: ReadonlyArray<Place>, { assignments, count }: Candidate, certain: Float64Array) => {
  const paths = Array.from({ length: 2 * count }, () => [] as string[])
  const size = places.length > 1500 ? 2.2 : places.length > 500 ? 3 : 3.8
  for (const { row, x, y } of places) {
    const k = assignments[row]!
    if (k >= 0) paths[2 * k + (certain[row]! < CERTAIN ? 1 : 0)]!.push(symbolAt(k, x, y, size))
  }
  return paths.map(path => path.join(''))
}

const Axes = ({
  frame,
  across,
  up,
  width,
}: {
  readonly frame: Frame
  readonly across: Axis
  readonly up: Axis
  readonly width: number
}) => {
  const room = Math.max(4, Math.floor((frame.right - frame.left) / Math.max(1, across.ticks.length) / 7))
  return (
    <g class="axes">
      {across.ticks.map(({ at, label }) => (
        <g key={at}>
          <path d={`M${frame.x(at)},${MARGIN_TOP}V${frame.bottom}`} />
          <text x={frame.x(at)} y={frame.bottom + 17} text-anchor="middle">
            {short(label, across.kind === 'category' ? room : 14)}
          </text>
        </g>
      ))}
      {up.ticks.map(({ at, label }) => (
        <g key={at}>
          <path d={`M${frame.left},${frame.y(at)}H${frame.right}`} />
          <text x={frame.left - 7} y={frame.y(at) + 4} text-anchor="end">
            {short(label, 14)}
          </text>
        </g>
      ))}
      <path class="axis" d={`M${frame.left},${MARGIN_TOP}V${frame.bottom}H${frame.right}`} />
      <text class="axis-name" x={(frame.left + frame.right) / 2} y={frame.bottom + 38} text-anchor="middle">
        {short(across.name, Math.floor(width / 9))}
      </text>
      <text
        class="axis-name"
        transform={`translate(13 ${(MARGIN_TOP + frame.bottom) / 2}) rotate(-90)`}
        text-anchor="middle"
      >
        {short(up.name, 40)}
      </text>
    </g>
  )
}

/** Pixels within which a row is pointed at, and between it and what is said of it. */
const [NEAR, BESIDE] = [14, 12]

const nearestTo = (places: ReadonlyArray<Place>, x: number, y: number): Place | undefined => {
  let [nearest, least]: [Place | undefined, number] = [undefined, NEAR ** 2]
  for (const place of places) {
    const distance = (place.x - x) ** 2 + (place.y - y) ** 2
    if (distance < least) [nearest, least] = [place, distance]
  }
  return nearest
}

const Tip = ({
  place,
  width,
  columns,
}: {
  readonly place: Place
  readonly width: number
  readonly columns: ReadonlyArray<Column>
}) => {
  const candidate = current.value!
  const k = candidate.assignments[place.row]!
  const isLeft = place.x > width / 2
  const [side, room] = isLeft ? ['right', place.x] : ['left', width - place.x]
  return (
    <div
      class="tip"
      style={{
        [side]: `${width - room + BESIDE}px`,
        top: `${place.y}px`,
        maxWidth: `${Math.min(260, room - 2 * BESIDE)}px`,
      }}
    >
      <strong>Row {whole(place.row + 1)}</strong>
      {k >= 0 && (
        <span>
          <Sign k={k} /> Component {k + 1}, {percent(certainties.value[place.row]!)}
        </span>
      )}
      {columns.map(column => (
        <span key={column.name}>
          {column.name} {cellText(column, place.row) ?? 'missing'}
        </span>
      ))}
    </div>
  )
}

const MeansTable = ({ candidate }: { readonly candidate: Candidate }) => (
  <details class="numbers">
    <summary>The components of the chart as a table</summary>
    <Scrollable label="Components, a table that may be wider than the page">
      <table>
        <thead>
          <tr>
            <th scope="col">Component</th>
            <th scope="col">Rows</th>
            {candidate.components[0]!.traits.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {candidate.components.map((component, k) => (
            <tr key={k}>
              <th scope="row">{k + 1}</th>
              <td>{whole(component.assigned)}</td>
              {component.traits.map(trait => (
                <td key={trait.name}>
                  {trait.kind === 'number'
                    ? inUnitsOf(trait.mean, trait.deviation)
                    : trait.kind === 'count'
                      ? inUnitsOf(trait.rate, Math.sqrt(trait.rate))
                      : trait.levels[trait.probabilities.indexOf(Math.max(...trait.probabilities))]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  </details>
)

const drawables = (): ReadonlyArray<Drawable> => {
  const { table, choices } = fitted.value!
  return table.columns.flatMap((column, i) => {
    const choice = choices[i]!
    return choice.kind !== 'text' && column.kinds.length > 0 ? [{ column, choice }] : []
  })
}

/** The two columns that are shown first: numbers that were learnt from, or else what there is. */
const firstTwo = (all: ReadonlyArray<Drawable>): readonly [string, string] => {
  const inOrder = [...all].sort((a, b) => rankOf(a) - rankOf(b))
  return [inOrder[0]!.column.name, (inOrder[1] ?? inOrder[0])!.column.name]
}

const rankOf = ({ choice: { used, kind } }: Drawable): number =>
  (used ? 0 : 3) + (kind === 'number' ? 0 : kind === 'count' ? 1 : 2)

const AxisChoice = ({
  label,
  value,
  all,
  onChange,
}: {
  readonly label: string
  readonly value: string
  readonly all: ReadonlyArray<Drawable>
  readonly onChange: (name: string) => void
}) => (
  <label class="axis-choice">
    <span>{label}</span>
    <select value={value} onChange={event => onChange(event.currentTarget.value)}>
      {all.map(({ column: { name } }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  </label>
)

/** The rows in two columns, with the ellipses of the components. */
export const Scatter = () => {
  const { table } = fitted.value!
  const candidate = current.value!
  const [ref, width] = useWidth<HTMLDivElement>(640)
  const all = drawables()
  const [chosen, setChosen] = useState<{ readonly of: unknown; readonly x: string; readonly y: string }>()
  const [x, y] = chosen?.of === table ? [chosen.x, chosen.y] : firstTwo(all)
  const [over, setOver] = useState<Place>()
  const height = Math.round(Math.max(280, Math.min(480, 0.68 * width)))
  const named = (name: string): Drawable => all.find(d => d.column.name === name) ?? all[0]!

  const { across, up, frame, places, paths } = useMemo(() => {
    const across = axisOf(named(x).column, named(x).choice, Math.max(2, Math.round(width / 90)), 1)
    const up = axisOf(named(y).column, named(y).choice, Math.max(2, Math.round(height / 60)), 2)
    const frame = frameOf(width, height, across, up)
    const places = placesOf(table.rows, across, up, frame)
    return { across, up, frame, places, paths: pathsOf(places, candidate, certainties.value) }
  }, [table, candidate, x, y, width])

  const ellipses = candidate.components.map(component => ellipseOf(component, x, y))
  const pinned = pointedOut.value
  const ring = pinned === undefined ? undefined : placesAt(pinned, across, up, frame)
  const gone = drawnRows(table.rows).length - places.length
  const hollow = certainties.value.reduce((sum, c) => sum + (c < CERTAIN ? 1 : 0), 0)
  return (
    <section class="panel" aria-labelledby="rows-in-two">
      <div class="panel-head">
        <h2 id="rows-in-two">Rows and components</h2>
        <div class="axis-choices">
          <AxisChoice label="Across" value={x} all={all} onChange={name => setChosen({ of: table, x: name, y })} />
          <AxisChoice label="Up" value={y} all={all} onChange={name => setChosen({ of: table, x, y: name })} />
        </div>
      </div>
      <div ref={ref} class="chart">
        <svg
          width={width}
          height={height}
          viewBox={`0 0 ${width} ${height}`}
          role="img"
          aria-label={`${up.name} over ${across.name}: ${whole(places.length)} rows in ${candidate.count} components, whose numbers are in the table below`}
          onPointerMove={event => {
            const box = event.currentTarget.getBoundingClientRect()
            setOver(nearestTo(places, event.clientX - box.left, event.clientY - box.top))
          }}
          onPointerLeave={() => setOver(undefined)}
          onPointerUp={() => {
            pointedOut.value = over?.row
          }}
        >
          <Axes frame={frame} across={across} up={up} width={width} />
          {ellipses.map(
            (ellipse, k) =>
              ellipse && (
                <path
                  key={k}
                  class={`ellipse ${colourOf(k)}`}
                  clip-path="url(#chart-frame)"
                  d={`M${outlineOf(ellipse)
                    .map(([a, b]) => `${frame.x(a).toFixed(1)},${frame.y(b).toFixed(1)}`)
                    .join('L')}Z`}
                />
              ),
          )}
          <clipPath id="chart-frame">
            <rect x={frame.left} y={MARGIN_TOP} width={frame.right - frame.left} height={frame.bottom - MARGIN_TOP} />
          </clipPath>
          {paths.map((path, i) => (
            <path key={i} class={`${i % 2 === 0 ? 'dots' : 'dots hollow'} ${colourOf(Math.floor(i / 2))}`} d={path} />
          ))}
          {ring && <circle class="ring" cx={ring.x} cy={ring.y} r={10} />}
          {over && <circle class="ring hover" cx={over.x} cy={over.y} r={8} />}
        </svg>
        {over && (
          <Tip place={over} width={width} columns={x === y ? [named(x).column] : [named(x).column, named(y).column]} />
        )}
      </div>
      <p class="hint">
        {ellipses.some(Boolean) && `Ellipses hold ${percent(SHARE)} of a component. `}
        {hollow > 0 && `Hollow rows (${whole(hollow)}) are less than ${percent(CERTAIN)} certain. `}
        {gone > 0 && `${whole(gone)} without both values are not drawn. `}
        {drawnRows(table.rows).length < table.rows &&
          `${whole(drawnRows(table.rows).length)} of ${whole(table.rows)} rows are drawn. `}
        {(across.kind !== 'number' || up.kind !== 'number') &&
          'Counts and categories are spread a little, so that equal ones can be seen.'}
      </p>
      <MeansTable candidate={candidate} />
    </section>
  )
}

const placesAt = (row: number, across: Axis, up: Axis, { x, y }: Frame): Place | undefined => {
  const place = { row, x: x(across.at[row]!), y: y(up.at[row]!) }
  return Number.isNaN(place.x) || Number.isNaN(place.y) ? undefined : place
}
