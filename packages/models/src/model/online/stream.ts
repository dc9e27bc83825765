import { type StoppedBy, tryEach } from '@conjugate/em'
import { selectExecutor } from '@conjugate/executors'
import * as E from 'fp-ts/lib/Either.js'
import type { FitError } from '../../errors.js'
import type { LabelTypes } from '../../labels/label-model.js'
import { joinedBatches, type ReadBatch, readableAgain } from '../batches.js'
import type { ComponentTypes } from '../component-model.js'
import type { Halves, ModelParameters } from '../model.js'
import type { Start } from '../start.js'
import { learnerOf } from './learner.js'
import type { OnlineOptions } from './options.js'
import type { OnlineEnd } from './results.js'

/** From so many observations for each component a start is made. */
const ROWS_TO_START = 10

/**
 * Learns from a stream of batches. A start by clusters or different rows takes the first batches together, until they have ten
 * observations for each component and as many different ones as there are components; they count as one batch. `read` tells the
 * data of a batch from what its rows are to each other, and `shown` what parameters are to a listener.
 */
export const onlineChecked = async <C extends ComponentTypes, L extends LabelTypes, Shown>(
  model: Halves<C, L>,
  batches: AsyncIterable<unknown> | Iterable<unknown>,
  options: OnlineOptions<Shown>,
  read: (batch: unknown) => E.Either<FitError, ReadBatch>,
  shown: (parameters: ModelParameters<C, L>) => Shown,
  start: Start<ModelParameters<C, L>> | ModelParameters<C, L> = { _tag: 'k-means' },
): Promise<E.Either<FitError, OnlineEnd<ModelParameters<C, L>>>> => {
  const began = performance.now()
  const selected = await selectExecutor(options.backend, options.threads)()
  if (E.isLeft(selected)) return selected
  const learner = learnerOf(model, selected.right, { start, options, shown, began })
  const isRandom = '_tag' in start && (start._tag === 'k-means' || start._tag === 'distinct-rows')
  const enough = isRandom ? ROWS_TO_START * model.components.states : 0
  /** The first batches, as long as they are too few to start from, as one where they can be. */
  let gathered: ReadBatch | undefined
  let seen = 0
  let shortage: FitError | undefined
  let stoppedBy: StoppedBy | undefined
  for await (const next of tryEach('batches', batches)) {
    if (E.isLeft(next)) return next
    if (options.signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: learner.batches() })
    const batch = read(learner.hasStarted() ? next.right : readableAgain(next.right))
    if (E.isLeft(batch)) return batch
    let own = batch.right
    if (!learner.hasStarted() && enough > 0) {
      const size = await learner.sizeOf(own)()
      if (E.isLeft(size)) return size
      seen += size.right
      const together = joinedBatches(gathered ? [gathered, own] : [own])
      if (together !== undefined && seen < enough) {
        gathered = together
        continue
      }
      if (together === undefined && gathered !== undefined) {
        // What has been gathered is not lost to a batch that it cannot be joined with.
        const before = await learner.learn(gathered)
        if (E.isLeft(before)) return before
        stoppedBy = before.right
        if (stoppedBy !== undefined) break
      }
      own = together ?? own
    }
    const isFirst = !learner.hasStarted()
    const learnt = await learner.learn(own)
    if (E.isRight(learnt)) {
      stoppedBy = learnt.right
      gathered = undefined
      if (stoppedBy !== undefined) break
    } else if (isFirst && enough > 0 && learnt.left._tag === 'TooFewDistinctRows') {
      shortage = learnt.left
      gathered = own
    } else return learnt
  }
  if (gathered !== undefined && !learner.hasStarted()) {
    const learnt = await learner.learn(gathered)
    if (E.isLeft(learnt)) return learnt
    stoppedBy = learnt.right
  }
  const end = learner.end(stoppedBy)
  return end ? E.right(end) : E.left(shortage ?? { _tag: 'NoRows' })
}
