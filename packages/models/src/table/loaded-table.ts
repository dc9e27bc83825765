import { type Executor, type ExecutorError, type LoadedRows, masked } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { telling } from '../checks/functions.js'
import type { FitError } from '../errors.js'
import { loadedOf, partsIn } from '../mixture/components.js'
import { unit } from '../mixture/from-data.js'
import { type DesignMatrix, loadOptionsOf, type MixtureParts } from '../mixture/mixture.js'
import type { Moments } from '../mixture/moments.js'
import type { ComponentModel, ComponentTypes, LoadedComponents } from '../model/component-model.js'

export type Components = ComponentModel<ComponentTypes>
export type Parts = MixtureParts<ComponentTypes>
export type Design = DesignMatrix<ComponentTypes>

/** Observations of which a start is made. */
export const TO_START = 65_536

/** Components whose observations are in a table. */
export interface LoadedTable {
  readonly components: Components
  readonly loaded: LoadedComponents<ComponentTypes>
  /** How many observations count. */
  readonly rows: number
  /** The prior of each component, where it followed from the table. */
  readonly prior?: unknown
  /** The names of the columns of rows of numbers, where they came by them. */
  readonly names?: ReadonlyArray<string>
}

/** Components of as many columns as there are, whatever their prior, which may only follow from all observations. */
export const provisional = (components: Components, columns: number): E.Either<FitError, Parts> =>
  components.fromData
    ? pipe(
        components.fromData.ofMoments(unit(Math.max(1, columns))),
        E.map(found => partsIn(found.components)),
      )
    : E.right(partsIn(components))

/** The components whose prior follows from these moments, where it does. */
export const followed = (
  components: Components,
  moments: (() => Moments) | undefined,
): E.Either<FitError, { readonly components: Components; readonly prior?: unknown }> =>
  components.fromData && moments
    ? pipe(
        components.fromData.ofMoments(moments()),
        E.map(found => ({ ...found, components: telling(found.components, 'model.components') })),
      )
    : E.right({ components })

/** About a centre, where components have one. */
export const aboutCentre = (centre: unknown): Parameters<Parts['designMatrix']>[1] =>
  centre === undefined ? {} : { centre }

/** What can be asked of rows that are not in memory as of those that are: the E-step in one pass. */
export const asRows = (
  { rows, columns }: Pick<LoadedRows, 'rows' | 'columns'>,
  given: Pick<LoadedRows, 'expectation' | 'dispose'> & Partial<LoadedRows>,
): LoadedRows => {
  const inMemory: ExecutorError = {
    _tag: 'ExecutionFailed',
    backend: 'wasm',
    reason: 'this is known of rows in memory alone',
  }
  const none = (): TE.TaskEither<ExecutorError, never> => TE.left(inMemory)
  return {
    rows,
    columns,
    responsibilities: none,
    assignments: none,
    logProb: none,
    prediction: none,
    logDensities: none,
    weightedStatistics: none,
    ...given,
  }
}

/** Nothing is missing. */
export const wholly = { data: undefined, places: undefined, rows: undefined }

/** Rows of some observations in memory, from which a start is made. */
const startOf = (
  executor: Executor,
  {
    parts,
    design,
    rowWeights,
  }: { readonly parts: Parts; readonly design: Design; readonly rowWeights: Vector | undefined },
): TE.TaskEither<FitError, LoadedComponents<ComponentTypes>> =>
  pipe(
    masked(executor).load(design.rows, { ...loadOptionsOf(design), ...(rowWeights && { rowWeights }) }),
    TE.map(rows => loadedOf({ parts, design, observed: wholly, rows, rowWeights, beside: {}, spacing: 0 }, executor)),
  )

/** Some of the observations, and what all of them are. */
export interface ToLoad {
  readonly parts: Parts
  /** Of the observations in memory. */
  readonly design: Design
  readonly rowWeights: Vector | undefined
  readonly sizes: Design['sizes']
  readonly rows: LoadedRows
  readonly told: Pick<LoadedComponents<ComponentTypes>, 'fingerprint' | 'reproducible'>
}

/** Components on rows that are not in memory, which start from those that are. */
export const loadedWithStart = (
  executor: Executor,
  { parts, design, rowWeights, sizes, rows, told }: ToLoad,
): TE.TaskEither<FitError, LoadedComponents<ComponentTypes>> =>
  pipe(
    startOf(executor, { parts, design, rowWeights }),
    TE.map(start => {
      const there = loadedOf(
        {
          parts,
          design: sizes ? { ...design, sizes } : design,
          observed: wholly,
          rows,
          rowWeights: undefined,
          beside: {},
          spacing: 0,
        },
        executor,
      )
      const dispose = (): void => {
        start.dispose()
        there.dispose()
      }
      return { ...there, start: start.start, ...told, dispose }
    }),
  )
