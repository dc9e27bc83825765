import type { Tensor } from '@tensorflow/tfjs-core'
import type { OffsetDensities } from '../contract/executor.js'
import { uploadConstants } from './constants.js'
import type { FactorKind } from './kind.js'
import type { ResidentBlock } from './rows.js'
import type { Tf } from './tfjs.js'

/** Some columns of a block, G x columns x g. */
const columnsOf = (tf: Tf, { values }: ResidentBlock, first: number, count: number): Tensor =>
  tf.slice(tf.squeeze(values, [1]), [0, first, 0], [-1, count, -1])

const resident: FactorKind<OffsetDensities>['resident'] = (upload, data, { components, logConstant }) => {
  const { constants, constant } = uploadConstants(upload, logConstant)
  return {
    constant,
    slope: (tf, block) => columnsOf(tf, block, components, 1),
    totalBase: constant * data.totalWeight + data.totals[components]!,
    logits: (tf, block) => ({
      // Below the floor where a component is forbidden, so that no other factor can lift it above.
      logits: tf.add(constants, columnsOf(tf, block, 0, components)),
      sums: responsibilities => [tf.sum(responsibilities, 2)],
    }),
    sizes: [components],
    statistics: ([sums]) => ({ weight: sums!.map(sum => sum * data.weightScale) }),
  }
}

export const offset: FactorKind<OffsetDensities> = { mixes: false, resident }
