import { checkArgument } from '@conjugate/em'
import { allOf, anything, list } from '@conjugate/em/schema'
import { countedRows, type Densities, type Executor, type LoadedRows, masked } from '@conjugate/executors'
import { type Matrix, rowsAt, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ofFit } from '../checks/parameters.js'
import type { FitError } from '../errors.js'
import type { ComponentModel, ComponentTypes, LoadedComponents, Loading, OnePass } from '../model/component-model.js'
import { evidenceOf } from '../model/evidence.js'
import { withLater } from '../model/later.js'
import { sparseIn } from '../observations/data.js'
import { LOWEST } from './forms/linear.js'
import { amongAll, type Observed, withoutGaps } from './gaps.js'
import { type DesignMatrix, type MixtureParts, statesOf } from './mixture.js'
import { weighted, withoutNoise } from './noise.js'
import { roundingOfTerms } from './rounding.js'
import { type Beside, besideRows, withFactors, withoutFactors } from './row-factors.js'
import type { LoadSparse } from './sparse/load.js'
import { type Startable, startedOf } from './start.js'

/** The same components, among whose observations a gap is `null`. */
export interface BesideGaps<T extends ComponentTypes> extends ComponentTypes {
  readonly data: T['data'] | Iterable<T['observation'] | null>
  readonly component: T['component']
  readonly posterior: T['posterior']
  readonly statistics: T['statistics']
  readonly observation: T['observation']
}

/** The components of a mixture, apart from how their labels are distributed. */
export interface MixtureComponents<T extends ComponentTypes> extends ComponentModel<T> {
  readonly parts: MixtureParts<T>
  /** The same where a row may be a gap, whose label is inferred and of which nothing else is learnt. */
  readonly withGaps: () => MixtureComponents<BesideGaps<T>>
}

/** A density that stands for 0 is 0. */
const orNone = (v: number): number => (v < LOWEST ? Number.NEGATIVE_INFINITY : v)

/** The same for many, in place. */
const noneBelow = (logs: Float64Array): Float64Array => {
  for (let i = 0; i < logs.length; i++) if (logs[i]! < LOWEST) logs[i] = Number.NEGATIVE_INFINITY
  return logs
}

/** A mixture whose rows are resident, in the coordinates of the computation. */
export interface Resident<T extends ComponentTypes> {
  readonly parts: MixtureParts<T>
  readonly design: DesignMatrix<T>
  readonly observed: Observed
  readonly rows: LoadedRows
  readonly rowWeights: Vector | undefined
  readonly beside: Beside
  /** The spacing of the executor's numbers at 1, where that is wider than that of float64. */
  readonly spacing: number
  /** Of rows that are no matrix. */
  readonly fingerprint?: () => ReadonlyArray<ArrayBufferView>
  readonly points?: Startable<T>['points']
}

const onePassOf = <T extends ComponentTypes>({
  parts,
  parts: { noise },
  design: { steps, sizes, densityForm },
  rows,
  beside,
}: Resident<T>): OnePass<T> => {
  type Components = ReadonlyArray<T['component']>
  const states = statesOf(parts)
  const none = new Float64Array(states)
  const densitiesOf = (components: Components, logWeights: Vector): Densities =>
    weighted(steps.densities(components), beside.groups ? none : logWeights, noise)
  const asked = (components: Components, logWeights: Vector): Densities =>
    withFactors(densitiesOf(components, logWeights), beside, logWeights)
  return {
    expectation: (components, logWeights, sequence) => {
      const densities = densitiesOf(components, logWeights)
      const count = components.length
      const withoutLast = densities.components === count ? densities : { ...densities, components: count }
      return pipe(
        rows.expectation(withFactors(densities, beside, logWeights), sequence && { sequence }),
        TE.map(({ statistics: found, logLikelihood, rounding = 0 }) => {
          const { statistics, counts } = withoutFactors(densityForm, found, beside)
          return withLater(
            {
              statistics: steps.statistics(withoutLast, withoutNoise(count, statistics)),
              counts: statistics.weight,
              groupCounts: counts,
              logLikelihood: orNone(logLikelihood),
            },
            { rounding: () => rounding + roundingOfTerms(densities, statistics, logLikelihood, sizes) },
          )
        }),
      )
    },
    responsibilities: (components, logWeights) => rows.responsibilities(asked(components, logWeights)),
    assignments: (components, logWeights) => rows.assignments(asked(components, logWeights)),
    prediction: (components, logWeights) =>
      pipe(
        rows.prediction(asked(components, logWeights)),
        TE.map(found => ({ ...found, logProb: noneBelow(found.logProb) })),
      ),
    logProb: (components, logWeights) => pipe(rows.logProb(asked(components, logWeights)), TE.map(noneBelow)),
    ...(rows.draws && {
      draws: (components, logWeights, seed) =>
        pipe(
          rows.draws!(asked(components, logWeights), seed),
          TE.map(found => ({ ...found, logLikelihood: orNone(found.logLikelihood) })),
        ),
    }),
  }
}

/** What is known of such rows to a model. */
export const loadedOf = <T extends ComponentTypes>(resident: Resident<T>, executor: Executor): LoadedComponents<T> => {
  const {
    parts,
    design,
    design: { steps },
    observed: { places, rows: all },
    rows,
    rowWeights,
    spacing,
  } = resident
  const { count, noise } = parts
  const states = statesOf(parts)
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
    fingerprint: () =>
      resident.fingerprint?.() ?? [
        Float64Array.from((counted ? rowsAt(design.rows, counted) : design.rows).data),
        places ?? new Int32Array(0),
      ],
    moves: design,
    logDensities: (components, into) =>
      pipe(
        rows.logDensities(steps.densities(components), into),
        TE.map(({ data }) => {
          if (isWhole) return noneBelow(data as Float64Array)
          const logDensities = new Float64Array(length * states)
          for (let i = 0, from = 0; i < rows.rows; i++) {
            const to = placeOf(i) * states
            for (let k = 0; k < count; k++, from++) logDensities[to + k] = orNone(data[from]!)
            if (noise !== undefined) logDensities[to + count] = noise
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
    ...(isWhole &&
      rows.labelStatistics && {
        labelStatistics: (components, labels) => {
          const densities = steps.densities(components)
          return pipe(
            rows.labelStatistics!(densities, labels),
            TE.map(sums => steps.statistics(densities, sums)),
          )
        },
      }),
    ...(places === undefined && { onePass: onePassOf(resident) }),
    holdsEvidence: resident.beside.logFactors !== undefined,
    groups: resident.beside.groups?.count ?? 1,
    start: (start, random) => startedOf(start, resident, executor, random),
    maximize: steps.maximize,
    logPrior: steps.logPrior,
    coordinates: steps.coordinates,
    rounding: (components, counts, logLikelihood) =>
      spacing * Math.abs(logLikelihood) +
      steps.rounding(components, counts, spacing) +
      8 * Number.EPSILON * (steps.priorSize?.(components) ?? 0),
    roundingOfDensities: (components, counts) =>
      roundingOfTerms(steps.densities(components), { weight: counts.subarray(0, count) }, 0, design.sizes),
    dispose: rows.dispose,
  }
}

/**
 * Components of these parts; without `gaps` whatever is missing is for them to read, or to refuse.
 */
export const mixtureComponents = <T extends ComponentTypes>(
  parts: MixtureParts<T>,
  gaps = false,
): MixtureComponents<T> => {
  const states = statesOf(parts)
  return {
    parts,
    name: parts.name,
    definition: parts.definition,
    states,
    freeParameters: parts.freeParameters,
    load: (executor: Executor, data, { about, rowWeights: given, evidence = {}, groups }: Loading<T> = {}) => {
      const sparse = sparseIn(data)
      const whole: Observed = { data, places: undefined, rows: undefined }
      const observed = gaps && !sparse ? withoutGaps(data) : whole
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
      if (sparse)
        return pipe(
          (sparse.load as LoadSparse<T>)(parts, data, centring, executor),
          TE.map(found => loadedOf<T>({ parts, observed, rowWeights, beside: {}, ...found }, executor)),
        )
      return pipe(
        TE.fromEither(parts.designMatrix(observed.data as T['data'], centring)),
        TE.bindTo('design'),
        TE.bindW('logFactors', ({ design: { rows } }) =>
          TE.fromEither(places ? E.right(undefined) : evidenceOf(evidence, rows.rows, states)),
        ),
        TE.bindW('groups', ({ design: { rows } }) =>
          TE.fromEither<FitError, Beside['groups']>(
            groups && !places
              ? pipe(
                  groups.of(rows.rows),
                  E.map(of => ({ of, count: groups.count })),
                )
              : E.right(undefined),
          ),
        ),
        TE.chainW(({ design, ...beside }) => {
          const { rows: all, options } = besideRows(design, beside, states)
          const spacing = executor.relativeRounding ?? 0
          return pipe(
            masked(executor).load(all, { ...options, ...(rowWeights && { rowWeights }) }),
            TE.map(rows => loadedOf<T>({ parts, design, observed, rows, rowWeights, beside, spacing }, executor)),
          )
        }),
        TE.mapLeft((e: FitError) => amongAll(observed)(e)),
      )
    },
    check: checkArgument(
      'start.components',
      ofFit(allOf(list(parts.component, parts.count), parts.together ?? anything)),
    ) as ComponentModel<T>['check'],
    statistics: parts.statistics,
    steps: parts.steps,
    sample: parts.sample,
    ...(parts.joint && { joint: parts.joint }),
    withGaps: () => mixtureComponents(parts as unknown as MixtureParts<BesideGaps<T>>, true),
  }
}

/** What the components of a mixture are made of. */
export const partsIn = (components: ComponentModel<ComponentTypes>): MixtureParts<ComponentTypes> =>
  (components as MixtureComponents<ComponentTypes>).parts

/** The components of a mixture, apart from the weights by which it says how their labels are distributed; rows may be gaps. */
export const componentsOf = <C extends { readonly withGaps: () => unknown }>(mixture: {
  readonly components: C
}): ReturnType<C['withGaps']> => mixture.components.withGaps() as ReturnType<C['withGaps']>
