import { checkArgument } from '@conjugate/em'
import { allOf, anything, list } from '@conjugate/em/schema'
import type { Densities, Executor, LoadedRows, StatisticsOf } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import type { ComponentModel, ComponentTypes, Loading, OnePass } from '../model/component-model.js'
import { evidenceOf } from '../model/evidence.js'
import { LOWEST } from './forms/linear.js'
import { type FromData, mapFromData } from './from-data.js'
import { type Observed, withoutGaps } from './gaps.js'
import { componentCount, type Encoded, loadOptionsOf, type Mixture } from './mixture.js'
import { weighted, withoutNoise } from './noise.js'
import { countedRows, inParts, rowsAt } from './parts.js'
import { roundingOfTerms } from './rounding.js'
import { besideFactors, withFactors, withoutFactors } from './row-factors.js'
import { startedOf } from './start.js'

/** The types of the components of a mixture, by name. */
export interface MixtureComponents<Source, X, P, S, Q = never> {
  /** Observations as the mixture takes them, or a list of them in which a gap is `null`. */
  readonly data: Source | Iterable<X | null>
  readonly component: P
  readonly posterior: Q
  readonly statistics: S
}

/** A density that stands for 0 is 0. */
const orNone = (v: number): number => (v < LOWEST ? Number.NEGATIVE_INFINITY : v)

/** The same for many, in place. */
const noneBelow = (logs: Float64Array): Float64Array => {
  for (let i = 0; i < logs.length; i++) if (logs[i]! < LOWEST) logs[i] = Number.NEGATIVE_INFINITY
  return logs
}

/** A mixture whose rows are resident, in the coordinates of the computation. */
interface Resident<P, S, D extends Densities> {
  readonly mixture: Mixture<never, unknown, P, S, D, never>
  readonly encoded: Encoded<P, S, D>
  readonly observed: Observed
  readonly rows: LoadedRows
  readonly rowWeights: Vector | undefined
  /** Whether log factors of the rows lie beside them. */
  readonly beside: boolean
  /** The spacing of the executor's numbers at 1, where that is wider than that of float64. */
  readonly spacing: number
}

const onePassOf = <P, S, D extends Densities>({
  mixture: { noise },
  encoded: { steps, sizes, kind },
  rows,
  beside,
}: Resident<P, S, D>): OnePass<{ data: unknown; component: P; posterior: unknown; statistics: S }> => {
  const densitiesOf = (components: ReadonlyArray<P>, logWeights: Vector): D =>
    weighted(steps.densities(components), logWeights, noise)
  const asked = (components: ReadonlyArray<P>, logWeights: Vector): Densities => {
    const densities = densitiesOf(components, logWeights)
    return beside ? withFactors(densities) : densities
  }
  return {
    expectation: (components, logWeights) => {
      const densities = densitiesOf(components, logWeights)
      const count = components.length
      const withoutLast = densities.components === count ? densities : { ...densities, components: count }
      return pipe(
        rows.expectation(beside ? withFactors(densities) : densities),
        TE.map(({ statistics: found, logLikelihood, rounding = 0 }) => {
          const statistics = beside ? withoutFactors<D>(kind, found) : (found as StatisticsOf<D>)
          return {
            statistics: steps.statistics(withoutLast, withoutNoise<D>(count, statistics)),
            counts: statistics.weight,
            logLikelihood: orNone(logLikelihood),
            rounding: rounding + roundingOfTerms<D>(densities, statistics, logLikelihood, sizes),
          }
        }),
      )
    },
    responsibilities: (components, logWeights) => rows.responsibilities(asked(components, logWeights)),
    assignments: (components, logWeights) => rows.assignments(asked(components, logWeights)),
    logProb: (components, logWeights) => pipe(rows.logProb(asked(components, logWeights)), TE.map(noneBelow)),
  }
}

type Loaded<C extends ComponentTypes> =
  ReturnType<ComponentModel<C>['load']> extends TE.TaskEither<unknown, infer A> ? A : never

const loadedOf = <C extends ComponentTypes, P extends C['component'], S extends C['statistics'], D extends Densities>(
  resident: Resident<P, S, D>,
  executor: Executor,
): Loaded<{ data: C['data']; component: P; posterior: C['posterior']; statistics: S }> => {
  const {
    mixture,
    encoded,
    encoded: { steps },
    observed: { places, rows: all },
    rows,
    rowWeights,
    spacing,
  } = resident
  const states = mixture.weights.count
  const count = componentCount(mixture)
  const length = all ?? rows.rows
  const isWhole = places === undefined && states === count
  const placeOf = (i: number): number => places?.[i] ?? i
  /** Responsibilities of what was observed, without those of noise. */
  const ofObserved = (q: Float64Array): Matrix => {
    if (isWhole) return { rows: length, columns: states, data: q }
    const data = new Float64Array(rows.rows * count)
    for (let i = 0, to = 0; i < rows.rows; i++)
      for (let k = 0, from = placeOf(i) * states; k < count; k++, from++, to++) data[to] = q[from]!
    return { rows: rows.rows, columns: count, data }
  }
  /** Rows of weight 0 may hold anything. */
  const counted = countedRows(rowWeights)
  return {
    rows: length,
    get distinctRows() {
      return (rows.distinctRows ?? rows.rows) + length - rows.rows
    },
    get backend() {
      return rows.ranOn?.() ?? executor.description
    },
    executor,
    fingerprint: () => [
      Float64Array.from((counted ? rowsAt(encoded.rows, counted) : encoded.rows).data),
      places ?? new Int32Array(0),
    ],
    moves: encoded,
    logDensities: components =>
      pipe(
        rows.logDensities(steps.densities(components)),
        TE.map(({ data }) => {
          if (isWhole) return noneBelow(new Float64Array(data))
          const logDensities = new Float64Array(length * states)
          for (let i = 0, from = 0; i < rows.rows; i++) {
            const to = placeOf(i) * states
            for (let k = 0; k < count; k++, from++) logDensities[to + k] = orNone(data[from]!)
            if (mixture.noise !== undefined) logDensities[to + count] = mixture.noise
          }
          return logDensities
        }),
      ),
    weightedStatistics: (components, q) => {
      const densities = steps.densities(components)
      return pipe(
        rows.weightedStatistics(densities, ofObserved(q)),
        TE.map(sums => steps.statistics(densities, sums)),
      )
    },
    ...(places === undefined && { onePass: onePassOf(resident) }),
    ...(resident.beside && { holdsEvidence: true }),
    start: (start, random) => startedOf(start, encoded, random, rowWeights)(mixture),
    maximize: steps.maximize,
    logPrior: steps.logPrior,
    coordinates: steps.coordinates,
    rounding: (components, counts, logLikelihood) =>
      spacing * Math.abs(logLikelihood) +
      steps.rounding(components, counts, spacing) +
      8 * Number.EPSILON * (steps.priorSize?.(components) ?? 0),
    roundingOfDensities: (components, counts) =>
      roundingOfTerms<D>(steps.densities(components), { weight: counts.subarray(0, count) }, 0, encoded.sizes),
    dispose: rows.dispose,
  }
}

/** Errors tell rows by their numbers among all, gaps included. */
const amongAll =
  ({ places }: Observed) =>
  (error: FitError): FitError =>
    places && 'row' in error && typeof error.row === 'number'
      ? { ...error, row: places[error.row] ?? error.row }
      : error

/** The prior follows from what was observed, whatever is missing beside it. */
export const besideGaps = (fromData: FromData, gaps: boolean): FromData =>
  gaps
    ? {
        ...fromData,
        ofRows: (source, rowWeights) => {
          const observed = withoutGaps(source)
          const { data, places } = observed
          if (places === undefined) return fromData.ofRows(data, rowWeights)
          const weights = rowWeights && Float64Array.from(places, n => (rowWeights as Vector)[n]!)
          return pipe(
            fromData.ofRows(data, weights),
            E.bimap(amongAll(observed), found => ({ ...found, source })),
          )
        },
      }
    : fromData

/**
 * The components of any mixture, whether it has priors or not; without `gaps` whatever is missing is for the mixture to read, or
 * to refuse.
 */
export const plainComponents = <Source, X, P, S, D extends Densities, W, Q>(
  mixture: Mixture<Source, X, P, S, D, W>,
  gaps: boolean,
): ComponentModel<MixtureComponents<Source, X, P, S, Q>> => {
  type C = MixtureComponents<Source, X, P, S, Q>
  return {
    name: mixture.name,
    definition: mixture.definition,
    states: mixture.weights.count,
    freeParameters: mixture.freeParameters - mixture.weights.count + 1,
    load: (executor: Executor, data, { about, rowWeights: given, evidence }: Loading<C> = {}) => {
      const observed: Observed = gaps ? withoutGaps(data) : { data, places: undefined, rows: undefined }
      const { places } = observed
      const rowWeights = given && places ? Float64Array.from(places, n => given[n]!) : given
      const centring = {
        ...(rowWeights && { rowWeights }),
        ...(about && {
          fitted: {
            components: about.components,
            weights: about.weights ?? new Float64Array(about.components.length).fill(1),
          },
        }),
      }
      return pipe(
        TE.fromEither(mixture.encode(observed.data as Source, centring)),
        TE.bindTo('encoded'),
        TE.bindW('known', ({ encoded }) =>
          TE.fromEither(evidenceOf(evidence ?? {}, encoded.rows.rows, mixture.weights.count)),
        ),
        TE.chainW(({ encoded, known }) => {
          const { rows: all, options } = known
            ? besideFactors(encoded, known, mixture.weights.count)
            : { rows: encoded.rows, options: loadOptionsOf(encoded) }
          return pipe(
            inParts(executor).load(all, { ...options, ...(rowWeights && { rowWeights }) }),
            TE.map(rows =>
              loadedOf<C, P, S, D>(
                {
                  mixture: mixture as unknown as Mixture<never, unknown, P, S, D, never>,
                  encoded,
                  observed,
                  rows,
                  rowWeights,
                  beside: known !== undefined,
                  spacing: executor.relativeRounding ?? 0,
                },
                executor,
              ),
            ),
          )
        }),
        TE.mapLeft(amongAll(observed)),
      )
    },
    check: checkArgument(
      'start.components',
      allOf(list(mixture.check.component, componentCount(mixture)), mixture.check.together ?? anything),
    ) as ComponentModel<C>['check'],
    statistics: mixture.check.statistics,
    ...(mixture.fromData && {
      fromData: besideGaps(
        mapFromData(mixture.fromData, made => plainComponents(made as Mixture<Source, X, P, S, D, W>, gaps)),
        gaps,
      ),
    }),
  }
}
