import { useMemo } from 'preact/hooks'
import { current, fitted, pointedOut } from '../state.js'
import { nats, whole } from '../tell/numbers.js'
import { medianOf, mostUnusual, unusualAbout } from '../tell/rows.js'
import { Sign } from './symbol.js'

const MOST_LISTED = 8

/** The rows of the lowest density, and what is unusual about each. */
export const Unusual = () => {
  const { table } = fitted.value!
  const candidate = current.value!
  const rows = useMemo(() => mostUnusual(candidate.logDensities, MOST_LISTED), [candidate])
  const median = useMemo(() => medianOf(candidate.logDensities), [candidate])
  return (
    <section class="panel" aria-labelledby="unusual">
      <div class="panel-head">
        <h2 id="unusual">The most unusual rows</h2>
      </div>
      <ol class="unusual">
        {rows.map(row => {
          const k = candidate.assignments[row]!
          const isPointedOut = pointedOut.value === row
          return (
            <li key={row}>
              <button
                type="button"
                class="row-button"
                aria-pressed={isPointedOut}
                aria-label={`Row ${row + 1}: point it out in the chart`}
                onClick={() => {
                  pointedOut.value = isPointedOut ? undefined : row
                }}
              >
                Row {whole(row + 1)}
              </button>
              <span class="figure">{nats(candidate.logDensities[row]!)}</span>
              <span class="reason">
                {k >= 0 && <Sign k={k} />} {unusualAbout(table, candidate.components, row, k)}
              </span>
            </li>
          )
        })}
      </ol>
      <p class="hint">
        By their log density in nats; half of the rows have {nats(median)} or more. A row of which cells are missing is
        judged by those that are there.
      </p>
    </section>
  )
}
