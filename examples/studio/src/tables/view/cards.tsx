import type { Component, Trait } from '../fit/component.js'
import type { Plan } from '../fit/plan.js'
import { current, fitted } from '../state.js'
import { inWords, mostProbable } from '../tell/component.js'
import { counted, inUnitsOf, meanAndDeviation, percent } from '../tell/numbers.js'
import { rangeOf } from '../tell/range.js'
import { colourOf, Sign } from './symbol.js'

/** Categories that are shown of a column. */
const MOST_SHOWN = 3

/** Where a component is between the least and the greatest value of the table, as shares of a bar. */
const Strip = ({ low, high, at }: { readonly low: number; readonly high: number; readonly at: number }) => {
  const share = (x: number): number => 100 * Math.max(0, Math.min(1, x))
  return (
    <svg class="extent" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <path class="extent-all" d="M0,5H100" />
      <path class="extent-part" d={`M${share(low)},5H${share(high)}`} />
      <path class="extent-at" d={`M${share(at)},0V10`} />
    </svg>
  )
}

const NumberTrait = ({
  plan,
  trait,
}: {
  readonly plan: Plan
  readonly trait: Exclude<Trait, { readonly kind: 'category' }>
}) => {
  const [mean, deviation] =
    trait.kind === 'number' ? [trait.mean, trait.deviation] : [trait.rate, Math.sqrt(trait.rate)]
  const column = [...plan.numbers, ...plan.counts].find(({ name }) => name === trait.name)!
  const [least, most] = rangeOf(column.values)
  const share = (x: number): number => (most > least ? (x - least) / (most - least) : 0.5)
  return (
    <>
      <dd class="figure">
        {trait.kind === 'number'
          ? meanAndDeviation(mean, deviation)
          : `${inUnitsOf(mean, Math.min(1, deviation))} on average`}
      </dd>
      <dd class="extent-row">
        <Strip low={share(mean - deviation)} high={share(mean + deviation)} at={share(mean)} />
      </dd>
    </>
  )
}

const CategoryTrait = ({ trait }: { readonly trait: Extract<Trait, { readonly kind: 'category' }> }) => {
  const shown = mostProbable(trait, MOST_SHOWN)
  const others = trait.levels.length - shown.length
  return (
    <>
      {shown.map(({ level, probability }) => (
        <dd key={level} class="level">
          <span class="level-name" title={level}>
            {level}
          </span>
          <span class="figure">{percent(probability)}</span>
          <svg class="extent" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <path class="extent-all" d="M0,5H100" />
            <path class="extent-part" d={`M0,5H${(100 * probability).toFixed(1)}`} />
          </svg>
        </dd>
      ))}
      {others > 0 && <dd class="quiet others">{counted(others, 'further category', 'further categories')}</dd>}
    </>
  )
}

const Card = ({ component, k }: { readonly component: Component; readonly k: number }) => {
  const { plan } = fitted.value!
  return (
    <article class={`card ${colourOf(k)}`} aria-labelledby={`component-${k}`}>
      <header>
        <h3 id={`component-${k}`}>
          <Sign k={k} /> Component {k + 1}
        </h3>
        <p class="figure">
          {percent(component.weight)}, {counted(component.assigned, 'row')}
        </p>
      </header>
      <p class="in-words">{inWords(plan, component)}</p>
      <dl>
        {component.traits.map(trait => (
          <div key={trait.name} class="trait">
            <dt title={trait.name}>{trait.name}</dt>
            {trait.kind === 'category' ? <CategoryTrait trait={trait} /> : <NumberTrait plan={plan} trait={trait} />}
          </div>
        ))}
      </dl>
    </article>
  )
}

/** The components in the words of the table. */
export const Cards = () => (
  <section class="panel" aria-labelledby="components">
    <div class="panel-head">
      <h2 id="components">What the components are</h2>
    </div>
    <div class="cards">
      {current.value!.components.map((component, k) => (
        <Card key={k} component={component} k={k} />
      ))}
    </div>
    <p class="hint">
      Numbers are means ± standard deviations; a strip goes from the least value of the table to the greatest.
    </p>
  </section>
)
