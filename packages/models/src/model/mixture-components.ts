import { checkArgument } from '@conjugate/em'
import { allOf, anything, list } from '@conjugate/em/schema'
import type { Densities, Executor, LoadedRows } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { type ConjugateMixture, variational } from '../mixture/conjugate.js'
import { type Centring, componentCount, type Encoded, loadOptionsOf, type Mixture } from '../mixture/mixture.js'
import { roundingOfTerms } from '../mixture/rounding.js'
import { initialOf } from '../mixture/start.js'
import type { ComponentModel, LoadedComponents } from './component-model.js'
import { type Observed, withoutGaps } from './gaps.js'

/** The types of the components of a mixture, by name. */
export interface MixtureComponents<Source, X, P, S, Q = never> {
  /** Observations as the mixture takes them, or a list of them in which a gap is `null`. */
  readonly data: Source | Iterable<X | null>
  readonly component: P
  readonly posterior: Q
  readonly statistics: S
}

const loadedOf = <Source, X, P, S, D extends Densities, W, Q>(
  mixture: Mixture<Source, X, P, S, D, W>,
  { places, rows: all }: Observed,
  encoded: Encoded<P, S, D>,
  rows: LoadedRows,
  executor: Executor,
): LoadedComponents<MixtureComponents<Source, X, P, S, Q>> => {
  const states = mixture.weights.count
  const count = componentCount(mixture)
  const length = all ?? rows.rows
  const placeOf = (i: number): number => places?.[i] ?? i
  const densitiesOf = (components: ReadonlyArray<P>): D => encoded.steps.densities(components.map(encoded.inward))
  /** Responsibilities of what was observed, without those of noise. */
  const ofObserved = (q: Float64Array): Matrix => {
    if (places === undefined && states === count) return { rows: length, columns: states, data: q }
    const data = new Float64Array(rows.rows * count)
    for (let i = 0, to = 0; i < rows.rows; i++)
      for (let k = 0, from = placeOf(i) * states; k < count; k++, from++, to++) data[to] = q[from]!
    return { rows: rows.rows, columns: count, data }
  }
  return {
    rows: length,
    get backend() {
      return rows.ranOn?.() ?? executor.description
    },
    fingerprint: [Float64Array.from(encoded.rows.data), places ?? new Int32Array(0)],
    logDensities: components =>
      pipe(
        rows.logDensities(densitiesOf(components)),
        TE.map(({ data }) => {
          if (places === undefined && states === count) return data as Float64Array
          const logDensities = new Float64Array(length * states)
          for (let i = 0, from = 0; i < rows.rows; i++) {
            const to = placeOf(i) * states
            for (let k = 0; k < count; k++, from++) logDensities[to + k] = data[from]!
            if (mixture.noise !== undefined) logDensities[to + count] = mixture.noise
          }
          return logDensities
        }),
      ),
    weightedStatistics: (components, q) => {
      const densities = densitiesOf(components)
      return pipe(
        rows.weightedStatistics(densities, ofObserved(q)),
        TE.map(sums => encoded.steps.statistics(densities, sums).map(encoded.outwardStatistics)),
      )
    },
    start: random =>
      pipe(
        initialOf<P, S, D, W>({ _tag: 'k-means' }, encoded, random)(mixture),
        E.map(({ components }) => components),
      ),
    maximize: mixture.steps.maximize,
    logPrior: mixture.steps.logPrior,
    coordinates: mixture.steps.coordinates,
    rounding: (components, counts) => {
      const inner = components.map(encoded.inward)
      return (
        encoded.steps.rounding(inner, counts, 0) +
        roundingOfTerms<D>(encoded.steps.densities(inner), { weight: counts.subarray(0, count) }, 0, encoded.sizes)
      )
    },
    dispose: rows.dispose,
  }
}

/** A centring by components of which none counts more than another. */
const placedBy = <P>(components: ReadonlyArray<P>): Centring<P> => ({
  fitted: { components, weights: components.map(() => 1) },
})

/** Errors tell rows by their numbers among all, gaps included. */
const amongAll =
  ({ places }: Observed) =>
  (error: FitError): FitError =>
    places && 'row' in error && typeof error.row === 'number'
      ? { ...error, row: places[error.row] ?? error.row }
      : error

/** What chains and groups learn of components asks for the prior before there are any rows. */
const noPrior: FitError = {
  _tag: 'InvalidOption',
  option: 'prior',
  expected: 'one that is given, where components have labels of their own',
  received: 'one that follows from the data',
}

/** The components of any mixture, whether it has priors or not. */
const anyComponents = <Source, X, P, S, D extends Densities, W, Q>(
  mixture: Mixture<Source, X, P, S, D, W>,
): ComponentModel<MixtureComponents<Source, X, P, S, Q>> => ({
  name: mixture.name,
  definition: mixture.definition,
  states: mixture.weights.count,
  freeParameters: mixture.freeParameters - mixture.weights.count + 1,
  load: (executor: Executor, data, about) => {
    const observed = withoutGaps(data)
    if (mixture.fromData) return TE.left(noPrior)
    return pipe(
      TE.fromEither(mixture.encode(observed.data as Source, about && placedBy(about))),
      TE.chainW(encoded =>
        pipe(
          executor.load(encoded.rows, loadOptionsOf(encoded)),
          TE.map(rows => loadedOf<Source, X, P, S, D, W, Q>(mixture, observed, encoded, rows, executor)),
        ),
      ),
      TE.mapLeft(amongAll(observed)),
    )
  },
  check: checkArgument(
    'start.components',
    allOf(list(mixture.check.component, componentCount(mixture)), mixture.check.together ?? anything),
  ) as ComponentModel<MixtureComponents<Source, X, P, S, Q>>['check'],
})

const isConjugate = (mixture: object): mixture is ConjugateMixture<unknown, unknown, unknown, unknown, unknown> =>
  'pair' in mixture && 'priors' in mixture

/** What conjugate priors add: posteriors, and draws from them. */
const conjugateComponents = <Source, Q, P, X, S, D extends Densities>(
  mixture: ConjugateMixture<Source, Q, P, X, S, D>,
): ComponentModel<MixtureComponents<Source, X, P, S, Q>> => ({
  ...anyComponents<Source, X, P, S, D, Vector, Q>(mixture),
  variational: () => anyComponents(variational(mixture)),
  draw: statistics => random =>
    pipe(
      statistics,
      E.traverseArrayWithIndex((k, s) =>
        pipe(
          mixture.pair.update(s)(mixture.priors[k]!),
          E.map(q => mixture.pair.family.sample(q)(random)),
        ),
      ),
    ),
})

/** The components of a mixture, apart from the weights by which it says how their labels are distributed. */
export const componentsOf: {
  <Source, Q, P, X, S, D extends Densities>(
    mixture: ConjugateMixture<Source, Q, P, X, S, D>,
  ): ComponentModel<MixtureComponents<Source, X, P, S, Q>>
  <Source, X, P, S, D extends Densities, W>(
    mixture: Mixture<Source, X, P, S, D, W>,
  ): ComponentModel<MixtureComponents<Source, X, P, S>>
} = ((mixture: object) =>
  isConjugate(mixture)
    ? conjugateComponents(mixture)
    : anyComponents(mixture as Mixture<never, never, never, never>)) as never
