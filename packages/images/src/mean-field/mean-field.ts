import { checkOptions, type InvalidOption, invalidOption } from '@conjugate/em'
import { anything, exactly, optional, whole } from '@conjugate/em/schema'
import { describeValue } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { checkField, checkLength, type Field } from '../grid/field.js'
import { alone, freeEnergyOf, sweep } from './sweeps.js'

/** What mean field finds: a distribution of each label by itself. */
export interface MeanField {
  /** N x K probabilities. */
  readonly probabilities: Float64Array
  /** A bound below log of the sum over labels y of exp(log densities - w_mn of neighbours that differ), in nats. */
  readonly freeEnergy: number
  /** The bound before the first and after each sweep; none is below the one before. */
  readonly freeEnergies: ReadonlyArray<number>
}

/** What mean field is given. */
export interface MeanFieldOptions {
  /** K, from 1 on. */
  readonly labels: number
  /** N x K log densities of what was observed under each label, row by row, in nats. -Infinity forbids a label. */
  readonly logDensities: ArrayLike<number>
  /** How often all places are gone through; 20 by default. */
  readonly sweeps?: number
  /** N x K probabilities to begin with; those of each place alone by default. */
  readonly initial?: ArrayLike<number>
}

const optionsOf = exactly({
  labels: whole(1),
  logDensities: anything,
  sweeps: optional(whole(0)),
  initial: optional(anything),
})

const checkNumbers = (
  option: string,
  values: ArrayLike<number>,
  expected: string,
  isGood: (value: number) => boolean,
): E.Either<InvalidOption, ArrayLike<number>> => {
  for (let i = 0; i < values.length; i++)
    if (!isGood(values[i]!)) return invalidOption(`${option}[${i}]`, expected, describeValue(values[i]))
  return E.right(values)
}

/**
 * Probabilities of labels under a field, as if they were independent: the free energy is raised place after place, each exactly
 * given the others. Places of one of four colours are no neighbours of each other, so that their order does not matter.
 * Errors: the field is none; there are other than N x K numbers; one is no log density or no probability.
 * Source: Celeux, Forbes and Peyrard, EM procedures using mean field-like approximations for Markov model-based image
 * segmentation (2003), with sequential updates.
 */
export const meanField = (field: Field, options: MeanFieldOptions): E.Either<InvalidOption, MeanField> =>
  pipe(
    checkField(field),
    E.chain(() => checkOptions(optionsOf)(options)),
    E.chain(({ labels, logDensities }) =>
      checkLength('logDensities', logDensities, field.width * field.height * labels),
    ),
    E.chain(logs => checkNumbers('logDensities', logs, 'a number below Infinity', v => v < Number.POSITIVE_INFINITY)),
    E.bindTo('logs'),
    E.bind('q', ({ logs }) =>
      options.initial === undefined
        ? E.right(alone(logs, options.labels))
        : pipe(
            checkLength('initial', options.initial, logs.length),
            E.chain(given => checkNumbers('initial', given, 'a probability', v => v >= 0 && v <= 1)),
            E.map(given => Float64Array.from(given)),
          ),
    ),
    E.map(({ logs, q }) => {
      const freeEnergies = [freeEnergyOf(field, logs, q, options.labels)]
      for (let i = 0; i < (options.sweeps ?? 20); i++) {
        sweep(field, logs, q, options.labels)
        freeEnergies.push(freeEnergyOf(field, logs, q, options.labels))
      }
      return { probabilities: q, freeEnergy: freeEnergies.at(-1)!, freeEnergies }
    }),
  )
