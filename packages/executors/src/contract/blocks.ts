import type { Matrix, Vector } from '@conjugate/linalg'
import type * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { ThreadCount } from '../wasm/threads/index.js'
import type { Densities, ExecutorError, LoadOptions, MixtureExpectation, Prediction } from './executor.js'

/** Some of the rows: those that follow the ones before. */
export interface RowBlock {
  readonly rows: Matrix
  /** One nonnegative finite weight per row, in every block or in none. */
  readonly rowWeights?: Vector
}

/** Rows that come in blocks of any length, of which few are in memory at a time. */
export interface RowBlocks<Failure> {
  /** N, of all blocks together. */
  readonly rows: number
  readonly columns: number
  /** Whether blocks have weights of their rows. */
  readonly weighted?: boolean
  /** Begins again with the first row, and gives the same ones in the same order every time. Blocks may have any length. */
  readonly read: () => AsyncIterable<E.Either<Failure, RowBlock>>
}

/** Bytes at places, such as those of a file. What it cannot do, it rejects. */
export interface Scratch {
  readonly write: (bytes: Uint8Array, position: number) => Promise<void>
  /** Fills the target. */
  readonly read: (target: Uint8Array, position: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** How rows in blocks are held. */
export interface BlockOptions extends Pick<LoadOptions, 'origin' | 'factors'> {
  /**
   * Opens a place that holds the rows as the kernel takes them, N x D numbers of 8 bytes, so that the blocks are read once. Without
   * it they are read again in every pass.
   */
  readonly scratch?: TaskEither<ExecutorError, Scratch>
  /** About how many bytes of rows a thread works on at a time; 2 MiB by default. Results do not depend on it. */
  readonly chunkBytes?: number
  /**
   * How many threads compute; by default as many as the work is worth. Rows in scratch are read by all of them, and those that are
   * read again by the calling one, while the others compute. Results do not depend on it.
   */
  readonly threads?: ThreadCount
}

/** What is said of some of the rows, from number `first` on. */
export interface PredictionBlock extends Prediction {
  readonly first: number
}

/** Rows that are not in memory, and what passes over them give: the bits of the same rows in memory, on one thread or several. */
export interface LoadedBlocks<Failure> {
  readonly rows: number
  readonly columns: number
  /** For a person, what computes and where the rows are. */
  readonly description: string
  /** The E-step: weighted statistics and log-likelihood. It ends early, as `Interrupted`, where the signal says so. */
  readonly expectation: <D extends Densities>(
    densities: D,
    signal?: AbortSignal,
  ) => TaskEither<ExecutorError | Failure, MixtureExpectation<D>>
  /** Components, responsibilities and log densities of all rows in their order, some at a time. */
  readonly predictions: (
    densities: Densities,
  ) => AsyncGenerator<E.Either<ExecutorError | Failure, PredictionBlock>, void>
  /** Gives back memory and scratch. Every later call is an error. */
  readonly dispose: () => Promise<void>
}
