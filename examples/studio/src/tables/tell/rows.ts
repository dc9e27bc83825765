import type { Component, Trait } from '../fit/component.js'
import type { Candidate } from '../fit/fit.js'
import type { Table } from '../table.js'
import { asWritten, percent } from './numbers.js'

/** How certain it is where each row belongs: the probability of its component. */
export const certaintiesOf = ({ assignments, responsibilities, count }: Candidate): Float64Array => {
  const certainties = new Float64Array(assignments.length)
  for (let n = 0; n < certainties.length; n++) {
    const k = assignments[n]!
    if (k >= 0) certainties[n] = responsibilities[n * count + k]!
  }
  return certainties
}

/** By what rows can be in order. */
export type Order = 'row' | 'component' | 'certainty' | 'density'

/** The rows of a component, or all of them, in some order; equal ones stay in that of the table. */
export const rowsInOrder = (
  { assignments, logDensities }: Candidate,
  certainties: Float64Array,
  order: Order,
  isDescending: boolean,
  component: number | undefined,
): Uint32Array => {
  const keys = { row: undefined, component: assignments, certainty: certainties, density: logDensities }[order]
  let rows = new Uint32Array(assignments.length)
  let length = 0
  for (let n = 0; n < assignments.length; n++)
    if (component === undefined || assignments[n] === component) rows[length++] = n
  rows = rows.subarray(0, length)
  if (!keys && !isDescending) return rows
  const sign = isDescending ? -1 : 1
  return rows.sort((a, b) => sign * (keys ? keys[a]! - keys[b]! : a - b) || a - b)
}

/** How far a cell is from what a component leads one to expect, in standard deviations or what is like them. */
const surprise = (trait: Trait, value: number): number => {
  if (trait.kind === 'number') return Math.abs(value - trait.mean) / trait.deviation
  if (trait.kind === 'count') return Math.abs(value - trait.rate) / Math.sqrt(Math.max(trait.rate, 0.1))
  return Math.sqrt(-2 * Math.log(Math.max(trait.probabilities[value]!, 1e-300)))
}

const inWords = (trait: Trait, value: number, k: number): string => {
  if (trait.kind === 'category')
    return `${trait.name} is ${trait.levels[value]}, which has ${percent(trait.probabilities[value]!)} in component ${k + 1}`
  const [mean, deviation] =
    trait.kind === 'number' ? [trait.mean, trait.deviation] : [trait.rate, Math.sqrt(Math.max(trait.rate, 0.1))]
  const far = Math.abs(value - mean) / deviation
  const side = value > mean ? 'above' : 'below'
  return `${trait.name} ${asWritten(value)} is ${far.toFixed(1)} standard deviations ${side} component ${k + 1}`
}

/** Below this no single cell stands out. */
const NOTABLE = 2

/** What is most unusual about a row, given the component that it most probably came from. */
export const unusualAbout = (table: Table, components: ReadonlyArray<Component>, row: number, k: number): string => {
  const component = components[k]
  if (component === undefined) return 'it is as good as impossible in every component'
  let most: { readonly trait: Trait; readonly value: number; readonly size: number } | undefined
  for (const trait of component.traits) {
    const column = table.columns.find(({ name }) => name === trait.name)!
    const value = (trait.kind === 'category' ? column.codes! : column.numbers!)[row]!
    if (Number.isNaN(value)) continue
    const size = surprise(trait, value)
    if (most === undefined || size > most.size) most = { trait, value, size }
  }
  if (most === undefined) return 'none of its cells is there'
  const words = inWords(most.trait, most.value, k)
  return most.size < NOTABLE ? `no cell stands out by itself; most of all, ${words}` : words
}
