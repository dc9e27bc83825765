import type { InvalidParameter, Random } from '@conjugate/distributions'
import { checkOptions } from '@conjugate/em'
import { anything, exactly, optional, whole } from '@conjugate/em/schema'
import type { BoundLabels, LabelModel, LabelTypes } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { alphaExpansion } from '../cut/alpha-expansion.js'
import { checkField, type Field } from '../grid/field.js'
import { alone, freeEnergyOf, sampleSweep, sweep } from './sweeps.js'

/** Nothing is learnt of these labels: the normaliser of a field, which that would need, is not known. */
type Nothing = Readonly<Record<never, Float64Array>>

const nothing: Nothing = {}

/** The types of labels under a field. */
export interface FieldLabels extends LabelTypes {
  readonly labels: Nothing
  readonly posterior: Nothing
  readonly counts: Nothing
  readonly structure: {
    /** The field of the rows, which are the places of its grid, row by row. */
    readonly field: Field
  }
  readonly traits: 'exchangeable' | 'gibbs'
}

/** What defines labels under a field. */
export interface FieldLabelsOptions {
  /** K, the number of states. */
  readonly states: number
  /** Sweeps of mean field in each E-step, which go on where the last one ended; 3 by default. */
  readonly sweeps?: number
}

const bound = (states: number, sweeps: number, field: Field): BoundLabels<FieldLabels> => {
  const places = field.width * field.height
  const isImpossible = (logs: Float64Array): boolean => {
    for (let at = 0; at < logs.length; at += states) {
      let highest = Number.NEGATIVE_INFINITY
      for (let k = 0; k < states; k++) highest = Math.max(highest, logs[at + k]!)
      if (highest === Number.NEGATIVE_INFINITY) return true
    }
    return false
  }
  const known = (): E.Either<InvalidParameter, Nothing> => E.right(nothing)
  return {
    infer: (_, logs, carry) => {
      const q = carry?.slice() ?? alone(logs, states)
      for (let i = 0; i < sweeps; i++) sweep(field, logs, q, states)
      const energy = freeEnergyOf(field, logs, q, states)
      if (energy === Number.NEGATIVE_INFINITY) q.fill(0)
      return { responsibilities: q, counts: nothing, logLikelihoods: Float64Array.of(energy), carry: q }
    },
    decode: (_, logs) => {
      const found = isImpossible(logs) ? undefined : alphaExpansion(field, { labels: states, costs: logs.map(v => -v) })
      return found !== undefined && E.isRight(found) ? found.right.labels : new Int32Array(places).fill(-1)
    },
    sample: (_, logs, random: Random, previous) => {
      const q = previous ? new Float64Array(places * states) : alone(logs, states)
      if (previous) for (let n = 0; n < places; n++) q[n * states + previous[n]!] = 1
      const labels = new Int32Array(places)
      sampleSweep(field, logs, q, labels, states, random.uniform)
      return labels
    },
    count: () => nothing,
    initial: nothing,
    maximize: known,
    logPrior: () => 0,
    size: 0,
    coordinates: { toVector: () => new Float64Array(0), fromVector: known },
    potentials: () => nothing,
    draw: () => known,
    permute: () => () => nothing,
    check: () => E.right(nothing),
  }
}

/**
 * Labels of a grid whose neighbours like to be the same: p(y) is in proportion to exp(-sum of w_mn over neighbours that differ), and
 * which neighbours there are, with their weights, is told with the rows, as `field`. With any components it is a model, in
 * which a gap takes the labels of its neighbours. The E-step is sequential mean field, whose free energy never falls; the
 * objective is that bound, without the normaliser of the field, which depends on nothing that is learnt. Labels are found by
 * alpha-expansion. Errors: there are fewer states than 1, or fewer sweeps.
 * Source: Celeux, Forbes and Peyrard, EM procedures using mean field-like approximations for Markov model-based image
 * segmentation (2003).
 */
export const fieldLabels = (options: FieldLabelsOptions): E.Either<InvalidParameter, LabelModel<FieldLabels>> =>
  pipe(
    checkOptions(exactly({ states: whole(1, 65536), sweeps: optional(whole(1)) }))(options),
    E.bimap(
      ({ option, expected, received }): InvalidParameter => ({
        _tag: 'InvalidParameter',
        distribution: 'LabelModel',
        parameter: option,
        expected,
        received,
      }),
      ({ states, sweeps = 3 }): LabelModel<FieldLabels> => ({
        name: 'field',
        definition: { states, sweeps },
        states,
        kind: 'bound',
        freeParameters: 0,
        structure: { field: anything },
        bind: (rows, { field }) =>
          pipe(
            checkField(field),
            E.filterOrElseW(
              ({ width, height }) => width * height === rows,
              ({ width, height }) => ({
                _tag: 'InvalidOption' as const,
                option: 'field',
                expected: `one of ${rows} places, as there are rows`,
                received: `${width} x ${height}`,
              }),
            ),
            E.map(checked => bound(states, sweeps, checked)),
            TE.fromEither,
          ),
      }),
    ),
  )
