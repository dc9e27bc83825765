import { Choice } from '../../shell/controls.js'
import type { Candidate } from '../fit/fit.js'
import { best, type Criterion, candidates, criterion, current, fitted, isFitting, outcomes, picked } from '../state.js'
import { counted, nats } from '../tell/numbers.js'
import { FitProgress } from './progress.js'
import { Scrollable } from './scrollable.js'
import { useWidth } from './width.js'

const criteria: ReadonlyArray<{ readonly value: Criterion; readonly label: string; readonly title: string }> = [
  {
    value: 'bic',
    label: 'BIC',
    title: 'Bayesian information criterion: how likely the rows are, against the number of parameters',
  },
  { value: 'icl', label: 'ICL', title: 'Integrated completed likelihood: BIC that asks for components that are apart' },
  { value: 'aic', label: 'AIC', title: 'Akaike information criterion: allows more components' },
]

const names: Readonly<Record<Criterion, string>> = { bic: 'BIC', icl: 'ICL', aic: 'AIC' }

const hints: Readonly<Record<Criterion, string>> = {
  bic: 'BIC weighs how likely the rows are against how many parameters that took; lower is better.',
  icl: 'ICL is BIC that also asks for components that are apart, so it never sees more of them where they overlap; lower is better.',
  aic: 'AIC predicts best and allows more components than there may be; lower is better.',
}

/** From this difference on, in nats times 2, one number of components is clearly better. Source: Kass and Raftery (1995). */
const CLEAR = 10

const verdict = (): string => {
  const [name, first] = [names[criterion.value], best.value]
  if (!first) return ''
  const value = (c: Candidate): number => c.criteria[criterion.value]
  const next = candidates.value.filter(c => c !== first).sort((a, b) => value(a) - value(b))[0]
  const said = `${name} is lowest with ${counted(first.count, 'component')}`
  if (!next) return `${said}.`
  const difference = value(next) - value(first)
  return `${said}; with ${next.count} it is ${nats(difference)} higher, which ${difference > CLEAR ? 'is clearly worse' : 'is about as good'}.`
}

/** A difference where there is little room. */
const inShort = (difference: number): string =>
  difference.toLocaleString('en', {
    maximumSignificantDigits: 3,
    notation: difference < 9999.5 ? 'standard' : 'compact',
  })

const HEIGHT = 132
const [TOP, BOTTOM] = [14, 10]

const Curve = ({ columns }: { readonly columns: number }) => {
  const [ref, width] = useWidth<HTMLDivElement>(480)
  const found = candidates.value
  const values = found.map(c => c.criteria[criterion.value])
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const x = (count: number): number => ((count - 0.5) / columns) * width
  const y = (value: number): number =>
    high > low ? TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM) : HEIGHT / 2
  const points = found.map((c, i) => ({ c, x: x(c.count), y: y(values[i]!) }))
  return (
    <div ref={ref} class="curve">
      <svg width={width} height={HEIGHT} viewBox={`0 0 ${width} ${HEIGHT}`} aria-hidden="true">
        <path
          class="curve-line"
          d={points.map((p, i) => `${i === 0 ? 'M' : 'L'}${p.x.toFixed(1)},${p.y.toFixed(1)}`).join('')}
        />
        {points.map(point => (
          <g key={point.c.count} class={point.c === current.value ? 'curve-point current' : 'curve-point'}>
            {point.c === best.value && <circle class="curve-best" cx={point.x} cy={point.y} r={9} />}
            <circle cx={point.x} cy={point.y} r={4.5} />
          </g>
        ))}
      </svg>
    </div>
  )
}

const CriteriaTable = () => (
  <details class="numbers">
    <summary>All criteria as a table</summary>
    <Scrollable label="Criteria, a table that may be wider than the page">
      <table>
        <thead>
          <tr>
            <th scope="col">Components</th>
            <th scope="col">BIC</th>
            <th scope="col">ICL</th>
            <th scope="col">AIC</th>
            <th scope="col">Log-likelihood</th>
            <th scope="col">Iterations</th>
          </tr>
        </thead>
        <tbody>
          {outcomes.value.map(outcome =>
            outcome._tag === 'Fitted' ? (
              <tr key={outcome.candidate.count}>
                <th scope="row">{outcome.candidate.count}</th>
                <td>{nats(outcome.candidate.criteria.bic)}</td>
                <td>{nats(outcome.candidate.criteria.icl)}</td>
                <td>{nats(outcome.candidate.criteria.aic)}</td>
                <td>{nats(outcome.candidate.logLikelihood)}</td>
                <td>
                  {outcome.candidate.objectives.length - 1}
                  {outcome.candidate.converged ? '' : ', not at its end'}
                </td>
              </tr>
            ) : (
              <tr key={outcome.count}>
                <th scope="row">{outcome.count}</th>
                <td colSpan={5} class="text">
                  {outcome.reason}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </Scrollable>
  </details>
)

/** How many components there are: the curve of the criterion, from which one can be chosen. */
export const CriterionCurve = () => {
  const columns = fitted.value?.to ?? 1
  const value = (c: Candidate): number => c.criteria[criterion.value]
  const unfit = outcomes.value.find(outcome => outcome._tag === 'Unfit')
  return (
    <section class="panel" aria-labelledby="how-many">
      <div class="panel-head">
        <h2 id="how-many">How many components</h2>
        <Choice
          label="Criterion"
          isLabelHidden
          options={criteria}
          value={criterion.value}
          onChange={chosen => {
            criterion.value = chosen
            picked.value = undefined
          }}
        />
      </div>
      <div class="verdict-line">
        {isFitting.value && <FitProgress />}
        <p class={isFitting.value ? 'unseen' : 'verdict'} role="status">
          {isFitting.value ? '' : verdict()}
        </p>
      </div>
      <fieldset class="counts">
        <Curve columns={columns} />
        <legend class="unseen">Number of components to look at</legend>
        <div class="counts-row">
          {Array.from({ length: columns }, (_, i) => {
            const found = candidates.value.find(c => c.count === i + 1)
            const isBest = found !== undefined && found === best.value
            const beside = !found ? '' : isBest ? 'best' : `+${inShort(value(found) - value(best.value!))}`
            return (
              <label key={i} class={found ? 'count' : 'count missing'}>
                <input
                  type="radio"
                  name="count"
                  value={i + 1}
                  disabled={!found}
                  checked={found !== undefined && found === current.value}
                  aria-label={`${counted(i + 1, 'component')}${beside && `, ${isBest ? 'best' : `${names[criterion.value]} ${beside}`}`}`}
                  onChange={() => {
                    picked.value = i + 1
                  }}
                />
                <span class="count-place" />
                <span class="count-number">{i + 1}</span>
                <span class="count-beside">{beside}</span>
              </label>
            )
          })}
        </div>
      </fieldset>
      {unfit && (
        <p class="hint">
          There is no fit with {counted(unfit.count, 'component')}: {unfit.reason}.
        </p>
      )}
      <p class="hint">{hints[criterion.value]}</p>
      <CriteriaTable />
    </section>
  )
}
