import { above, anything, callable, oneOf, optional, type Schema, whole } from '@conjugate/em/schema'
import { checkpointSchema } from './journal.js'
import type { SearchOptions } from './types.js'

/** All options of a search, whatever it looks for. Backends, threads and signals are told by those who take them. */
export const searchFields: Readonly<Record<keyof SearchOptions, Schema>> = {
  acceleration: optional(oneOf('none', 'squarem')),
  iterations: optional(whole(1)),
  tolerance: optional(above(0)),
  checkpoint: checkpointSchema,
  coarsePixels: optional(whole(100)),
  finePixels: optional(whole(100)),
  backend: anything,
  threads: anything,
  signal: anything,
  onIteration: optional(callable),
}
