import { anything, type Fields } from '@conjugate/em/schema'
import type { FieldsOf } from '../checks/options.js'
import * as option from '../checks/options.js'
import type { Evidence } from './evidence.js'

/** Where a prediction or a fit runs. */
export const whereFields: Fields = { backend: option.backend, threads: option.threads }

/** Read, and told where it is wrong, with the rows. */
export const evidenceFields: FieldsOf<Evidence> = { labels: option.oneForEachRow, rowLogPriors: anything }
