import * as E from 'fp-ts/lib/Either.js'
import { triedTask } from '../checks/functions.js'
import { dual, type Given } from '../door/dual.js'
import type { TypesOf } from '../door/types.js'
import type { FitError } from '../errors.js'
import type { AMixture } from '../mixture/types.js'
import type { ModelPrediction } from '../model/on-rows.js'
import { predictModel } from '../model/predict.js'
import { among, blocksOf } from './blocks.js'
import type { Table } from './is-table.js'

/** What is said of one block of a table. */
export interface BlockPrediction<Block, Prediction> {
  /** The block, as the table gave it. */
  readonly block: Block
  /** The number of its first observation among all of the table. */
  readonly first: number
  /** Of which observations of the block it is said, where those of weight 0 are left out; all by default. */
  readonly places?: Int32Array
  readonly prediction: Prediction
}

/**
 * What a fitted mixture says of the observations of a table, block by block: what `predict` says of each block, which depends on
 * nothing but its rows and the parameters. Few blocks are in memory at a time. Errors, after which nothing more comes: those of reading
 * the table, and of `predict`, which tell an observation by its number in the table.
 */
export const predictBlocks: {
  <M extends AMixture, Block extends TypesOf<M>['data']>(
    model: Given<M>,
    fitted: TypesOf<M>['parameters'],
    table: Table<Block>,
  ): AsyncGenerator<E.Either<FitError, BlockPrediction<Block, TypesOf<M>['prediction']>>, void>
  <M extends AMixture, Block extends NoInfer<TypesOf<M>['data']>>(
    fitted: NoInfer<TypesOf<M>['parameters']>,
    table: Table<Block>,
  ): (model: Given<M>) => AsyncGenerator<E.Either<FitError, BlockPrediction<Block, TypesOf<M>['prediction']>>, void>
} = dual(async function* (
  model: never,
  fitted: never,
  table: Table<unknown>,
): AsyncGenerator<E.Either<FitError, BlockPrediction<unknown, ModelPrediction>>, void> {
  let first = 0
  const open = { table, components: undefined }
  for await (const next of blocksOf(open)) {
    if (E.isLeft(next)) return yield next
    const { data, source, counted, length } = next.right
    const isNone = length === 0 || counted?.length === 0
    const found = isNone ? E.right(ofNone) : await triedTask(() => predictModel(model, fitted, data as never, {}))()
    if (E.isLeft(found)) return yield E.left(await among(open, next.right, found.left))
    yield E.right({ block: source, first, ...(counted && { places: counted }), prediction: found.right })
    first += length
  }
}) as never

/** What is said of no observations. */
const ofNone: ModelPrediction = {
  assignments: new Int32Array(0),
  responsibilities: { rows: 0, columns: 0, data: new Float64Array(0) },
  logProb: new Float64Array(0),
}
