import { current, fitted, pointedOut } from '../state.js'
import { nats, whole } from '../tell/numbers.js'
import { unusualAbout } from '../tell/rows.js'
import { Sign } from './symbol.js'

const MOST_LISTED = 8

/** The rows of the lowest density, and what is unusual about each. */
export const Unusual = () => {
  const { table } = fitted.value!
  const candidate = current.value!
  const { rows, median, least } = candidate.unusual
  return (
    <section class="panel" aria-labelledby="unusual">
      <div class="panel-head">
        <h2 id="unusual">Unusual rows</h2>
        {rows.length > 0 && <span class="figure quiet">{whole(rows.length)}</span>}
      </div>
      <ol class="unusual">
        {rows.slice(0, MOST_LISTED).map(row => {
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
      {rows.length === 0 && (
        <p>
          No row stands out: the lowest log density is {nats(least)}, and half have {nats(median)} or more.
        </p>
      )}
      <p class="hint">
        {rows.length > MOST_LISTED && `The first ${MOST_LISTED}; the list below has all, sorted by log density. `}
        {rows.length > 0 && `Half of the rows have a log density of ${nats(median)} or more. `}
        Unusual is what is more than 1.5 interquartile ranges below the quartiles; a row of which cells are missing is
        judged by those that are there.
      </p>
    </section>
  )
}
