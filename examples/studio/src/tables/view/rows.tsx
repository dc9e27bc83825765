import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { certainties, current, fitted, pointedOut } from '../state.js'
import { cellText } from '../table.js'
import { nats, percent, whole } from '../tell/numbers.js'
import { type Order, rowsInOrder } from '../tell/rows.js'
import { Scrollable } from './scrollable.js'
import { Sign } from './symbol.js'

/** The height of a row and of the list in pixels, rows above and below what is seen, and columns at the most. */
const [ROW, LIST, BESIDE, MOST_COLUMNS] = [32, 384, 6, 24]

const orders: ReadonlyArray<{ readonly order: Order; readonly label: string; readonly isDescendingFirst: boolean }> = [
  { order: 'row', label: 'Row', isDescendingFirst: false },
  { order: 'component', label: 'Component', isDescendingFirst: false },
  { order: 'certainty', label: 'Certainty', isDescendingFirst: false },
  { order: 'density', label: 'Log density', isDescendingFirst: false },
]

/** By how many rows a key goes on. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
}

interface RowProps {
  readonly row: number
  readonly place: number
  /** Whether Tab comes to it: one of the rows, from which arrow keys go on. */
  readonly isStop: boolean
  readonly onStep: (place: number) => void
}

const Row = ({ row, place, isStop, onStep }: RowProps) => {
  const { table } = fitted.value!
  const candidate = current.value!
  const k = candidate.assignments[row]!
  const isPointedOut = pointedOut.value === row
  return (
    <tr aria-rowindex={place + 2} class={isPointedOut ? 'pointed-out' : undefined}>
      <th scope="row">
        <button
          type="button"
          class="row-button"
          aria-pressed={isPointedOut}
          title="Point it out in the chart"
          data-place={place}
          tabIndex={isStop ? 0 : -1}
          onKeyDown={event => {
            const step = STEPS[event.key]
            if (step === undefined) return
            event.preventDefault()
            onStep(place + step)
          }}
          onClick={() => {
            pointedOut.value = isPointedOut ? undefined : row
          }}
        >
          {whole(row + 1)}
        </button>
      </th>
      <td class="component">
        {k >= 0 ? (
          <>
            <Sign k={k} /> {k + 1}
          </>
        ) : (
          'none'
        )}
      </td>
      <td>{percent(certainties.value[row]!)}</td>
      <td>{nats(candidate.logDensities[row]!)}</td>
      {table.columns.slice(0, MOST_COLUMNS).map(column => {
        const text = cellText(column, row)
        return (
          <td key={column.name} class={text === undefined ? 'none' : column.numbers ? undefined : 'text'}>
            {text ?? 'missing'}
          </td>
        )
      })}
    </tr>
  )
}

/** Who belongs where, with what certainty: as many rows are in the page as can be seen, whatever their number. */
export const Rows = () => {
  const { table } = fitted.value!
  const candidate = current.value!
  const scroller = useRef<HTMLElement>(null)
  const [{ order, isDescending }, setOrder] = useState({ order: 'row' as Order, isDescending: false })
  const [component, setComponent] = useState<number>()
  const [top, setTop] = useState(0)
  const [stop, setStop] = useState(0)
  const goesTo = useRef<number | undefined>(undefined)
  const only = component !== undefined && component < candidate.count ? component : undefined
  const rows = useMemo(
    () => rowsInOrder(candidate, certainties.value, order, isDescending, only),
    [candidate, order, isDescending, only],
  )
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 })
    setTop(0)
    setStop(0)
  }, [rows])
  // What is pointed out in the chart comes into view, unless it is there already.
  useEffect(() => {
    const list = scroller.current
    const place = pointedOut.value === undefined ? -1 : rows.indexOf(pointedOut.value)
    if (!list || place < 0) return
    const at = place * ROW
    if (at < list.scrollTop || at > list.scrollTop + LIST - 3 * ROW) list.scrollTop = Math.max(0, at - LIST / 2)
  }, [pointedOut.value, rows])
  const first = Math.max(0, Math.min(Math.floor(top / ROW) - BESIDE, rows.length - 1))
  const last = Math.min(rows.length, Math.ceil((top + LIST) / ROW) + BESIDE)
  const seen = Math.ceil(top / ROW)
  const tabStop = stop >= seen && stop < seen + LIST / ROW - 1 ? stop : Math.min(seen, rows.length - 1)
  const step = (place: number): void => {
    const list = scroller.current
    const to = Math.max(0, Math.min(rows.length - 1, place))
    if (!list) return
    const at = to * ROW
    if (at < list.scrollTop) list.scrollTop = at
    else if (at > list.scrollTop + LIST - 2 * ROW - 2) list.scrollTop = at - LIST + 2 * ROW + 2
    goesTo.current = to
    setStop(to)
    setTop(list.scrollTop)
  }
  // The row may not have been in the page before.
  useEffect(() => {
    if (goesTo.current === undefined) return
    const button = scroller.current?.querySelector<HTMLElement>(`[data-place="${goesTo.current}"]`)
    if (!button) return
    button.focus({ preventScroll: true })
    goesTo.current = undefined
  })
  const columns = table.columns.slice(0, MOST_COLUMNS)
  const width = 4 + columns.length
  return (
    <section class="panel" aria-labelledby="who">
      <div class="panel-head">
        <h2 id="who">Who belongs where</h2>
        <label class="axis-choice">
          <span>Show</span>
          <select
            value={only ?? 'all'}
            onChange={event => {
              const { value } = event.currentTarget
              setComponent(value === 'all' ? undefined : Number(value))
            }}
          >
            <option value="all">all rows</option>
            {candidate.components.map((_, k) => (
              <option key={k} value={k}>{`component ${k + 1}`}</option>
            ))}
          </select>
        </label>
      </div>
      <Scrollable
        scroller={scroller}
        className="list"
        label={`${whole(rows.length)} rows with their components; scroll to see them`}
        onScroll={setTop}
      >
        <table aria-rowcount={rows.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              {orders.map(({ order: by, label }) => {
                const isCurrent = by === order
                return (
                  <th
                    key={by}
                    scope="col"
                    aria-sort={isCurrent ? (isDescending ? 'descending' : 'ascending') : undefined}
                  >
                    <button
                      type="button"
                      class="sort"
                      onClick={() => setOrder({ order: by, isDescending: isCurrent ? !isDescending : false })}
                    >
                      {label}
                      <span aria-hidden="true">{isCurrent ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
                    </button>
                  </th>
                )
              })}
              {columns.map(({ name, numbers }) => (
                <th key={name} scope="col" class={numbers ? undefined : 'text'}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {first > 0 && (
              <tr class="space">
                <td colSpan={width} style={{ height: `${first * ROW}px` }} />
              </tr>
            )}
            {Array.from(rows.subarray(first, last), (row, i) => (
              <Row key={row} row={row} place={first + i} isStop={first + i === tabStop} onStep={step} />
            ))}
            {last < rows.length && (
              <tr class="space">
                <td colSpan={width} style={{ height: `${(rows.length - last) * ROW}px` }} />
              </tr>
            )}
          </tbody>
        </table>
      </Scrollable>
      <p class="hint">
        Certainty is the probability of the component, given the row. Sort by it to see the doubtful ones, by log
        density to see the unusual ones.
        {table.columns.length > MOST_COLUMNS && ` The first ${MOST_COLUMNS} columns are shown; files have all of them.`}
      </p>
    </section>
  )
}
