import { current, fitted } from '../state.js'
import type { Column } from '../table.js'
import { whole } from '../tell/numbers.js'
import { Scrollable } from './scrollable.js'
import { Sign } from './symbol.js'

/** Categories of a column that is compared at the most. */
const MOST_COMPARED = 12

/** How many rows of each category are in each component. */
const countsOf = (
  column: Column,
  assignments: Int32Array,
  components: number,
): ReadonlyArray<ReadonlyArray<number>> => {
  const counts = column.levels.map(() => new Array<number>(components).fill(0))
  for (const [n, k] of assignments.entries()) {
    const code = column.codes![n]!
    if (k >= 0 && !Number.isNaN(code)) counts[code]![k]!++
  }
  return counts
}

const Compared = ({ column }: { readonly column: Column }) => {
  const { assignments, count } = current.value!
  const counts = countsOf(column, assignments, count)
  return (
    <Scrollable label={`${column.name} beside the components, a table that may be wider than the page`}>
      <table class="beside">
        <caption>{column.name}</caption>
        <thead>
          <tr>
            <td />
            {Array.from({ length: count }, (_, k) => (
              <th key={k} scope="col">
                <Sign k={k} /> {k + 1}
                <span class="unseen"> component</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {column.levels.map((level, i) => {
            const most = Math.max(...counts[i]!)
            return (
              <tr key={level}>
                <th scope="row">{level}</th>
                {counts[i]!.map((n, k) => (
                  <td key={k} class={n === 0 ? 'none' : n === most ? 'most' : undefined}>
                    {whole(n)}
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </Scrollable>
  )
}

/** Categories that were not learnt from, beside what was found. */
export const Beside = () => {
  const { table, choices } = fitted.value!
  const columns = table.columns.filter(
    ({ kinds, kind, levels, codes }, i) =>
      !choices[i]!.used && codes && kinds.includes('category') && kind === 'category' && levels.length <= MOST_COMPARED,
  )
  if (columns.length === 0) return null
  return (
    <section class="panel" aria-labelledby="beside">
      <div class="panel-head">
        <h2 id="beside">Beside what was not learnt from</h2>
      </div>
      <div class="besides">
        {columns.map(column => (
          <Compared key={column.name} column={column} />
        ))}
      </div>
      <p class="hint">Rows of each category in each component. The components know nothing of these columns.</p>
    </section>
  )
}
