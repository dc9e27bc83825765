import { Choice } from '../shell/controls.js'
import { uncovered } from './stage.js'
import { isForeground, view } from './state.js'
import type { View } from './tasks.js'

const views: ReadonlyArray<{ readonly value: View; readonly label: string }> = [
  { value: 'cut-out', label: 'Cut-out' },
  { value: 'mask', label: 'Mask' },
  { value: 'components', label: 'Colours' },
]

/** What lies over the photo; of more than two components it is their colours. */
export const Show = () =>
  isForeground.value && (
    <Choice
      label="What lies over the photo"
      isLabelHidden
      value={view.value}
      options={views}
      onChange={value => {
        view.value = value
      }}
    />
  )

/** How much of the photo is left uncovered. */
export const Compare = () => (
  <label class="compare">
    <span>Compare</span>
    <input
      type="range"
      min={0}
      max={100}
      value={uncovered.value}
      aria-valuetext={`${uncovered.value} % of the width is the photo`}
      onInput={event => {
        uncovered.value = event.currentTarget.valueAsNumber
      }}
    />
  </label>
)
