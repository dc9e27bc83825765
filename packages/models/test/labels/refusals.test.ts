import { groupedLabels, independentLabels, markovChain } from '@conjugate/models'
import { right } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { expect, test } from 'vitest'

test.each([
  ['no component', independentLabels([]), 'concentration.length'],
  ['a concentration below 0', independentLabels([1, -1]), 'concentration[1]'],
  ['a concentration that is no number', independentLabels([1, Number.NaN]), 'concentration[1]'],
  ['nothing that is possible', independentLabels([0, 0]), 'concentration'],
  ['no group', groupedLabels(0, [1, 1]), 'groups'],
  ['more groups than memory', groupedLabels(1e9, [1, 1]), 'groups'],
  ['no state', markovChain({ states: 0 }), 'states'],
  ['more states than memory', markovChain({ states: 1e9 }), 'states'],
  [
    'a state that leads nowhere',
    markovChain({ states: 2, transitionConcentration: [1, 1, 0, 0] }),
    'transitionConcentration',
  ],
  [
    'other than K x K concentrations',
    markovChain({ states: 2, transitionConcentration: [1, 1] }),
    'transitionConcentration',
  ],
  ['text for concentrations', independentLabels('even' as never), 'concentration'],
  ['nothing for concentrations', groupedLabels(2, undefined as never), 'concentration'],
  ['an option that there is not', markovChain({ states: 2, sticky: 1 } as never), 'sticky'],
  ['no options', markovChain(undefined as never), 'options'],
  ['stickiness below 0', markovChain({ states: 2, stickiness: -1 }), 'stickiness'],
])('%s is refused by name', (_, model, parameter) => expect(model).toMatchObject(E.left({ parameter })))

const chain = right(markovChain({ states: 2 }))
const grouped = right(groupedLabels(2, [1, 1]))

test.each([
  ['lengths of another sum', chain.bind(5, { lengths: [2, 2] }), 'lengths'],
  ['a length that is none', chain.bind(5, { lengths: [2.5, 2.5] }), 'lengths[0]'],
  ['groups of other rows', grouped.bind(3, { groups: [0, 1] }), 'groups'],
  ['no groups', grouped.bind(3, undefined as never), 'groups'],
  ['a group that is none', grouped.bind(3, { groups: [0, 1, 2] }), 'groups[2]'],
])('%s are refused by name', async (_, bound, option) => expect(await bound()).toMatchObject(E.left({ option })))

test.each([
  ['a sum of 2', { initial: [1, 1], transitions: [1, 0, 0, 1] }, 'start.initial'],
  ['a probability below 0', { initial: [0.5, 0.5], transitions: [1.5, -0.5, 0, 1] }, 'start.transitions[0]'],
  ['too few', { initial: [0.5, 0.5], transitions: [1, 0] }, 'start.transitions'],
  ['text', { initial: 'even', transitions: [1, 0, 0, 1] }, 'start.initial'],
  ['nothing', undefined, 'start.initial'],
])('probabilities to start from: %s is refused by name', async (_, given, option) =>
  expect(right(await chain.bind(5, {})()).check(given)).toMatchObject(E.left({ option })),
)

test('probabilities to start from may be a matrix', async () =>
  expect(
    right(await chain.bind(5, {})()).check({
      initial: [0.5, 0.5],
      transitions: { rows: 2, columns: 2, data: [1, 0, 0.5, 0.5] },
    }),
  ).toEqual(E.right({ initial: Float64Array.of(0.5, 0.5), transitions: Float64Array.of(1, 0, 0.5, 0.5) })))
