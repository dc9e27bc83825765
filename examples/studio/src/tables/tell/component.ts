import type { Component, Trait } from '../fit/component.js'
import type { Plan } from '../fit/plan.js'

/** By how much a component differs from the whole table in one column: in standard deviations, or what is like them. */
const [NOTABLE, MOST_TRAITS] = [0.5, 4]

interface Difference {
  readonly size: number
  readonly side: 'high' | 'low' | 'is'
  readonly text: string
}

const differenceOf = (plan: Plan, trait: Trait): Difference => {
  if (trait.kind === 'number') {
    const { mean, variance } = plan.numbers.find(({ name }) => name === trait.name)!
    const size = (trait.mean - mean) / Math.sqrt(variance)
    return { size: Math.abs(size), side: size > 0 ? 'high' : 'low', text: trait.name }
  }
  if (trait.kind === 'count') {
    const { mean } = plan.counts.find(({ name }) => name === trait.name)!
    const size = Math.log2((trait.rate + 0.1) / (mean + 0.1))
    return { size: Math.abs(size), side: size > 0 ? 'high' : 'low', text: trait.name }
  }
  const { counts } = plan.categories.find(({ name }) => name === trait.name)!
  const total = counts.reduce((a, b) => a + b, 0)
  const most = trait.probabilities.indexOf(Math.max(...trait.probabilities))
  const size = trait.probabilities[most]! < 0.5 ? 0 : 3 * (trait.probabilities[most]! - counts[most]! / total)
  return { size, side: 'is', text: `${trait.name} ${trait.levels[most]}` }
}

const listed = (texts: ReadonlyArray<string>): string =>
  texts.length < 2 ? texts.join() : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`

/** What tells a component from the rest of the table, in its own words: `high body_mass_g; island Biscoe`. */
export const inWords = (plan: Plan, { traits }: Component): string => {
  const notable = traits
    .map(trait => differenceOf(plan, trait))
    .filter(({ size }) => size >= NOTABLE)
    .sort((a, b) => b.size - a.size)
    .slice(0, MOST_TRAITS)
  const of = (side: Difference['side']) => notable.filter(d => d.side === side).map(({ text }) => text)
  const parts = [
    ...(of('high').length > 0 ? [`high ${listed(of('high'))}`] : []),
    ...(of('low').length > 0 ? [`low ${listed(of('low'))}`] : []),
    ...of('is'),
  ]
  const words = parts.length > 0 ? parts.join('; ') : 'like the table as a whole'
  // The names of columns stay as they are.
  return notable[0]?.side === 'is' && parts.length === of('is').length
    ? words
    : words[0]!.toUpperCase() + words.slice(1)
}

/** The most probable categories in order, as many as there is room for. */
export const mostProbable = (
  { levels, probabilities }: Extract<Trait, { readonly kind: 'category' }>,
  most: number,
): ReadonlyArray<{ readonly level: string; readonly probability: number }> =>
  levels
    .map((level, i) => ({ level, probability: probabilities[i]! }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, most)
