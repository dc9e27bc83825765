import { Section } from '../../shell/controls.js'
import { choices, choose, table } from '../state.js'
import type { Column, Kind } from '../table.js'
import { counted, whole } from '../tell/numbers.js'

const kindLabels: Readonly<Record<Kind, string>> = {
  number: 'numbers',
  count: 'counts',
  category: 'categories',
  text: 'texts',
}

const noteOf = ({ missing, leftOut, levels }: Column, kind: Kind): string =>
  [
    ...(kind === 'category' ? [counted(levels.length, 'category', 'categories')] : []),
    ...(missing > 0 ? [`${whole(missing)} missing`] : []),
    ...(leftOut ? [leftOut] : []),
  ].join(', ')

const ColumnChoice = ({ column, index }: { readonly column: Column; readonly index: number }) => {
  const { kind, used } = choices.value[index]!
  const canBeUsed = column.kinds.length > 0
  const note = noteOf(column, kind)
  return (
    <li class={used ? 'column' : 'column left-out'}>
      <label class="check" title={column.name}>
        <input
          type="checkbox"
          checked={used}
          disabled={!canBeUsed}
          onChange={event => {
            const takenIn = event.currentTarget.checked
            choose(index, { used: takenIn, ...(takenIn && kind === 'text' && { kind: column.kinds[0]! }) })
          }}
        />
        <span class="column-name">{column.name}</span>
      </label>
      {canBeUsed ? (
        <select
          aria-label={`What ${column.name} is`}
          value={kind === 'text' ? column.kinds[0] : kind}
          onChange={event => choose(index, { kind: event.currentTarget.value as Kind })}
        >
          {column.kinds.map(possible => (
            <option key={possible} value={possible}>
              {kindLabels[possible]}
            </option>
          ))}
        </select>
      ) : (
        <span class="quiet column-kind">{kindLabels.text}</span>
      )}
      {note && <p class="hint">{note}</p>}
    </li>
  )
}

/** What the columns are taken for, and which of them are learnt from. */
export const Columns = () => {
  const found = table.value
  if (!found) return null
  const used = choices.value.filter(choice => choice.used).length
  return (
    <Section title="Columns" aside={<span class="figure quiet">{`${used} of ${found.columns.length}`}</span>}>
      <ul class="columns" aria-label="Columns to learn from">
        {found.columns.map((column, index) => (
          <ColumnChoice key={column.name} column={column} index={index} />
        ))}
      </ul>
      <p class="hint">What is ticked is learnt from. Categories that are not are compared with what is found.</p>
    </Section>
  )
}
