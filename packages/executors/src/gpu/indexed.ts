import type { IndexedDensities } from '../contract/executor.js'
import type { FactorKind } from './kind.js'
import { linear } from './linear.js'

/** Linear densities take parameters as low as this for -Infinity. */
const LEAST = -1e300

const resident: FactorKind<IndexedDensities>['resident'] = (upload, data, densities) => ({
  ...linear.resident(upload, data, {
    _tag: 'Linear',
    components: densities.components,
    columns: densities.levels,
    natural: densities.natural.map(v => Math.max(v, LEAST)),
    logConstant: densities.logConstant,
  }),
})

/** Linear densities of columns of 1 and 0. */
export const indexed: FactorKind<IndexedDensities> = { mixes: false, resident }
