import type * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError, ExpectationOptions } from '../../contract/executor.js'
import type { Workspace } from '../kernel/workspace.js'
import type { MetricDensities } from './drift.js'
import type { Tally } from './progress.js'

/** The same object for all steps of a sequence. */
export type Sequence = NonNullable<ExpectationOptions['sequence']>

/** E-steps on resident rows that follow each other. The calling thread alone asks for them, while no other is at work. */
export interface Skipping {
  /** Lays out what the next step of a sequence needs, or begins one. */
  readonly begin: (densities: MetricDensities, sequence: Sequence) => E.Either<ExecutorError, Workspace>
  /** Notes the sums of a step, and says whether what was left out is sure to be too little to count. */
  readonly end: (totals: Float64Array) => boolean
  /** Brings all rows back where they were loaded, and ends the sequence. */
  readonly restore: () => void
  /** What the last step of a sequence under way has found, and whether rows have been laid out anew. */
  readonly found: () => (Tally & { readonly isArranged: boolean }) | undefined
}
