import { groupedLabels, independentLabels, type LabelModel, type LabelTypes, markovChain } from '@conjugate/models'
import { right } from '@conjugate/testing'

/** A label model, rows that are few enough to sum over all their labels, and log p(z) by hand. */
interface Row<L extends LabelTypes> {
  readonly name: string
  readonly model: LabelModel<L>
  readonly rows: number
  readonly structure: L['structure']
  /** Which rows make a unit: rows, sequences or images by the number of their rows. */
  readonly units: ReadonlyArray<number>
  /** <potentials, counts(z)>, term by term. */
  readonly logWeight: (potentials: L['counts'], z: ReadonlyArray<number>) => number
}

type AnyRow = Row<LabelTypes>
const row = <L extends LabelTypes>(r: Row<L>): AnyRow => r as unknown as AnyRow

const chainWeight =
  (states: number, lengths: ReadonlyArray<number>) =>
  (
    { initial, transitions }: { readonly initial: Float64Array; readonly transitions: Float64Array },
    z: ReadonlyArray<number>,
  ): number => {
    let [sum, first] = [0, 0]
    for (const length of lengths) {
      for (let n = first; n < first + length; n++)
        sum += n === first ? initial[z[n]!]! : transitions[z[n - 1]! * states + z[n]!]!
      first += length
    }
    return sum
  }

const groups = [0, 1, 1, 0, 2, 1]

/** Every label model: a new one is a new row. */
export const labelModels: ReadonlyArray<AnyRow> = [
  row({
    name: 'independent labels',
    model: right(independentLabels([2, 1.5, 3])),
    rows: 5,
    structure: {},
    units: [1, 1, 1, 1, 1],
    logWeight: ({ weights }, z) => z.reduce((sum, k) => sum + weights[k]!, 0),
  }),
  row({
    name: 'independent labels of which one is forbidden',
    model: right(independentLabels([2, 0, 3])),
    rows: 4,
    structure: {},
    units: [1, 1, 1, 1],
    logWeight: ({ weights }, z) => z.reduce((sum, k) => sum + weights[k]!, 0),
  }),
  row({
    name: 'labels of groups',
    model: right(groupedLabels(3, [2, 2])),
    rows: 6,
    structure: { groups },
    units: [1, 1, 1, 1, 1, 1],
    logWeight: ({ weights }, z) => z.reduce((sum, k, n) => sum + weights[2 * groups[n]! + k]!, 0),
  }),
  row({
    name: 'a chain',
    model: right(markovChain({ states: 3, initialConcentration: 1.5, transitionConcentration: 2, stickiness: 1 })),
    rows: 6,
    structure: {},
    units: [6],
    logWeight: chainWeight(3, [6]),
  }),
  row({
    name: 'chains from left to right',
    model: right(
      markovChain({
        states: 3,
        initialConcentration: [1, 0, 0],
        transitionConcentration: [2, 1.5, 0, 0, 2, 1.5, 0, 0, 1],
      }),
    ),
    rows: 7,
    structure: { lengths: [3, 1, 3] },
    units: [3, 1, 3],
    logWeight: chainWeight(3, [3, 1, 3]),
  }),
  row({
    name: 'chains of which one is empty',
    model: right(markovChain({ states: 2, transitionConcentration: [1, 2, 3, 4] })),
    rows: 5,
    structure: { lengths: [2, 0, 3] },
    units: [2, 0, 3],
    logWeight: chainWeight(2, [2, 0, 3]),
  }),
]
