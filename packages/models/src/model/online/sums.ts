import type { Counts, LabelTypes } from '../../labels/label-model.js'
import type { ComponentModel, ComponentTypes } from '../component-model.js'

/** Sums over observations, of components and of labels. */
export interface Sums<C extends ComponentTypes, L extends LabelTypes> {
  /** N_1, ..., N_K. */
  readonly counts: Float64Array
  readonly components: ReadonlyArray<C['statistics']>
  readonly labels: L['counts']
}

const zipped = (a: Counts, b: Counts, of: (a: number, b: number) => number): Counts =>
  Object.fromEntries(Object.entries(a).map(([name, values]) => [name, values.map((v, i) => of(v, b[name]![i]!))]))

/** a + by (b - a) of all sums. */
export const mixed = <C extends ComponentTypes, L extends LabelTypes>(
  { algebra }: Pick<ComponentModel<C>, 'algebra'>,
  a: Sums<C, L> | undefined,
  b: Sums<C, L>,
  by: number,
  size: number,
): Sums<C, L> => {
  const { concat, scale } = algebra!
  const fresh = b.components.map(scale(by / size))
  const of = (old: number, found: number): number => (1 - by) * old + (by / size) * found
  const nothing = a ?? { counts: new Float64Array(b.counts.length), labels: zipped(b.labels, b.labels, () => 0) }
  return {
    counts: nothing.counts.map((n, k) => of(n, b.counts[k]!)),
    labels: zipped(nothing.labels, b.labels, of) as L['counts'],
    components: a ? a.components.map((s, k) => concat(k)(scale(1 - by)(s), fresh[k]!)) : fresh,
  }
}

export const scaled = <C extends ComponentTypes, L extends LabelTypes>(
  { algebra }: Pick<ComponentModel<C>, 'algebra'>,
  { counts, components, labels }: Sums<C, L>,
  by: number,
): Sums<C, L> => ({
  counts: counts.map(n => by * n),
  labels: zipped(labels, labels, n => by * n) as L['counts'],
  components: components.map(algebra!.scale(by)),
})
