import type { Support } from '@conjugate/distributions'
import { anything, list, object, type Schema, typedArray } from '@conjugate/em/schema'
import type { Matrix } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { FitError } from '../errors.js'
import type { Dialect } from '../model/model.js'
import { inItsSequence, readSequences } from './read-sequences.js'

type Found = Readonly<Record<string, unknown>>

const isParameters: Schema = object(
  { initial: anything, transitions: anything, emissions: anything },
  'an object of initial, transitions and emissions, such as a fit has',
)

/** Cuts the values of all rows into those of each sequence. */
const cut = <A extends { readonly subarray: (first: number, end: number) => A }>(
  values: A,
  lengths: ReadonlyArray<number>,
  width = 1,
): ReadonlyArray<A> => {
  let first = 0
  return lengths.map(length => {
    const part = values.subarray(first * width, (first + length) * width)
    first += length
    return part
  })
}

const fromModel = ({ initial, transitions, components }: Found): object => {
  const states = (initial as Float64Array).length
  return {
    initial,
    transitions: { rows: states, columns: states, data: transitions },
    emissions: components,
  }
}

const toModel = ({ initial, transitions, emissions }: Found): never =>
  ({ initial, transitions, components: emissions }) as never

const lengthsOf = (structure: Found): ReadonlyArray<number> => (structure['lengths'] ?? []) as ReadonlyArray<number>

/** Components are called emissions here. */
const byEmission = (e: FitError): FitError =>
  e._tag === 'InvalidOption' ? { ...e, option: e.option.replace(/^(start|parameters)\.components/, '$1.emissions') } : e

/**
 * How hidden Markov models are spoken to: in sequences of readings, whose states are told for each sequence, and in the names of
 * their parameters.
 */
export const inSequences = (support: Support | undefined): Dialect => ({
  read: sequences =>
    pipe(
      readSequences(sequences, support),
      E.map(({ data, lengths }) => ({ data, structure: { lengths } })),
    ),
  parameters: isParameters,
  toModel,
  fromModel,
  shown: structure => found => {
    const { initial, transitions, components, assignments, responsibilities, ...rest } = found
    const lengths = lengthsOf(structure)
    const { columns, data } = (responsibilities ?? {}) as Matrix & { readonly data: Float64Array }
    return {
      ...(components !== undefined && fromModel({ initial, transitions, components })),
      ...rest,
      paths: cut(assignments as Int32Array, lengths),
      ...(responsibilities !== undefined && {
        states: cut(data, lengths, columns).map(part => ({ rows: part.length / columns, columns, data: part })),
      }),
    }
  },
  unshown: found => {
    const { emissions, paths, ...rest } = found
    // What is no list of paths is told where the fit is checked.
    const isPaths = list(typedArray('Int32Array', anything))(paths) === undefined
    const states = isPaths ? (paths as ReadonlyArray<Int32Array>).flatMap(path => Array.from(path)) : undefined
    return { ...rest, components: emissions, assignments: states && Int32Array.from(states) }
  },
  told: structure => error => byEmission(inItsSequence(lengthsOf(structure))(error)),
})
