import type { Densities, ExecutorError, MixtureExpectation } from '@conjugate/executors'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import type { RowPlan } from '../mixture/forms/row-plan.js'
import type { ColumnSizes } from '../mixture/sizes.js'

/** What is found in one round over all observations, before any of them is computed with. */
export interface Survey {
  /** How many observations count: those of weight 0 do not. */
  readonly rows: number
  /** What they weigh together; as many as there are without weights. */
  readonly weight: number
  /** Of each cell of the plan, over those that are there; NaN where none is. */
  readonly least: Float64Array
  readonly greatest: Float64Array
  /** Where it was asked for: the mean of each cell, and the mean products of the deviations from those, C x C. */
  readonly spread?: { readonly mean: Float64Array; readonly products: Float64Array }
}

/** Some of the observations, brought here. */
export interface PlaceSample {
  readonly rows: number
  /** Of each cell of the plan as many numbers, NaN where one is missing. */
  readonly cells: ReadonlyArray<Float64Array>
  /** What each stands for, where that is not the same for all. */
  readonly weights?: Float64Array
}

/** What can be said of each observation, by the names of the columns that say it. */
export interface Said {
  /** The most probable component, the first one on ties; the last is the noise. */
  readonly assignments?: string
  /** The probability of component k, in a column of this name followed by k. */
  readonly responsibilities?: string
  /** The log density, in nats. */
  readonly logProb?: string
}

/** Rows that stay where they are, with the sums over them. */
export interface PlaceRows {
  /** How many rows are computed, where equal ones have been grouped. */
  readonly distinctRows?: number
  /** For a person, what computes. */
  readonly description: string
  /** Whether the same sums have the same bits when they are added again. */
  readonly reproducible: boolean
  /** The sizes of the columns of a plan's rows, where they are statistics: see `DesignMatrix`. */
  readonly sizes?: ColumnSizes
  /** The E-step. Errors: `Interrupted` where the signal stopped it, and where it may be tried again; sums that are no numbers. */
  readonly expectation: <D extends Densities>(
    densities: D,
    signal: AbortSignal,
  ) => TaskEither<ExecutorError, MixtureExpectation<D>>
  /** Says something of each observation where they are, as a whole or not at all; gives of how many. */
  readonly write: (
    said: Said,
    densities: Densities,
    target: unknown,
    signal: AbortSignal,
  ) => TaskEither<FitError, number>
  readonly dispose: () => void
}

/**
 * Where observations are that never come here, as a database or a cluster, and what it must be able to do. Observations are those of
 * a plan: its cells are what is stored, and its columns are the numbers of a row that densities are about.
 */
export interface Place {
  /** What computes, as a checkpoint tells it from others. */
  readonly backend: string
  /** The names of the columns that the model is of, in the order of its numbers where these have no names. */
  readonly columns: ReadonlyArray<string>
  /** Which observations these are, without their numbers, as a checkpoint tells them from others. */
  readonly identity: string
  /**
   * Counts the observations. Errors: `RefusedCell` where a cell is none of its values, NULL where it may not be missing, or a weight
   * that is none; what the place cannot do.
   */
  readonly survey: (
    plan: RowPlan,
    options: { readonly spread: boolean },
    signal: AbortSignal,
  ) => TaskEither<FitError, Survey>
  /** Draws at most so many of the observations that count by a seed, the same ones every time; all where there are no more. */
  readonly sample: (
    plan: RowPlan,
    options: { readonly most: number; readonly seed: number; readonly survey: Survey },
    signal: AbortSignal,
  ) => TaskEither<FitError, PlaceSample>
  /** The rows of a plan, of which the first columns may be those of factors, one after the other. */
  readonly open: (plan: RowPlan, survey: Survey, signal: AbortSignal) => TaskEither<FitError, PlaceRows>
}
