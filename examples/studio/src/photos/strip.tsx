import { LineChart } from '../shell/chart.js'
import { Bitmap } from './bitmap.js'
import { found, shown, step, trace } from './state.js'

const shareOf = (panel: number): string => {
  const part = found.value?.parts[panel - 1]
  return part ? `${(100 * part.share).toFixed(1)} %` : ''
}

const nameOf = (panel: number, count: number): string => {
  if (panel === 0) return 'Photo'
  return count === 3 ? ['Background', 'Foreground'][panel - 1]! : `Component ${panel}`
}

/** Thousands apart, without digits that nobody reads. */
const nats = (value: number): string => Math.round(value).toLocaleString('en-US')

const Objective = () => {
  const { title, values } = trace.value
  const [first, last] = [values[0], values.at(-1)]
  const isKnown = first !== undefined && last !== undefined
  return (
    <figure class="objective">
      <LineChart
        values={values}
        label={
          isKnown
            ? `Log joint probability, from ${nats(first)} to ${nats(last)} in ${values.length - 1} iterations`
            : 'Log joint probability, not known yet'
        }
      />
      <figcaption>
        <span>Log joint probability{title && `, ${title}`}</span>
        <span class="figure">{isKnown ? nats(last) : ''}</span>
      </figcaption>
    </figure>
  )
}

/** The photo, each component alone, and how the objective rose. */
export const Strip = () => {
  const panels = shown.value?.panels ?? []
  const hidden = (found.value?.parts.length ?? 0) - (panels.length - 1)
  return (
    <div class="strip">
      <div class="panels">
        {panels.map((panel, i) => (
          <figure key={i}>
            <Bitmap bitmap={panel} label={`${nameOf(i, panels.length)} ${shareOf(i)}`} />
            <figcaption>
              <span>{nameOf(i, panels.length)}</span>
              <span class="figure">{step.value ? '' : shareOf(i)}</span>
            </figcaption>
          </figure>
        ))}
        {hidden > 0 && !step.value && <p class="hint">and {hidden} more</p>}
      </div>
      <Objective />
    </div>
  )
}
