import { Button, Choice, Section, Slider } from '../../shell/controls.js'
import { choices, fitAll, fitted, isFitting, isStale, restarts, shape, table, to } from '../state.js'

const shapes = [
  { value: 'together', label: 'Together', title: 'One covariance of all numbers for each component' },
  { value: 'apart', label: 'Apart', title: 'Each number has a variance of its own' },
] as const

const restartChoices = [
  { value: '1', label: '1' },
  { value: '5', label: '5' },
  { value: '20', label: '20' },
] as const

const MOST = 12

/** How components are looked for. */
export const Model = () => {
  if (!table.value) return null
  const numbers = choices.value.filter(({ used, kind }) => used && kind === 'number').length
  const note = fitted.value?.plan.note
  return (
    <Section title="Model">
      <Slider
        label="Components up to"
        min={1}
        max={MOST}
        step={1}
        value={to.value}
        onInput={value => {
          to.value = value
        }}
      />
      {numbers > 1 && (
        <Choice
          label="Numbers of a row vary"
          options={shapes}
          value={shape.value}
          onChange={value => {
            shape.value = value
          }}
        />
      )}
      {note && !isStale.value && <p class="hint">{note}</p>}
      <Choice
        label="Starts of each fit"
        options={restartChoices}
        value={String(restarts.value) as '1' | '5' | '20'}
        onChange={value => {
          restarts.value = Number(value)
        }}
      />
      <div class="row fit-row">
        <Button isMain={!isFitting.value} onClick={() => void fitAll()}>
          {isFitting.value ? 'Start again' : isStale.value ? 'Fit with these changes' : 'Fit'}
        </Button>
      </div>
      {isStale.value && <p class="hint">What is shown is of the choices before.</p>}
    </Section>
  )
}
