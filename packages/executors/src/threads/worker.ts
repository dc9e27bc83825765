// What runs in a worker: it loads its part, then computes what it is told, in order.
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError } from '../executor.js'
import { kernelOf } from '../wasm/kernel.js'
import { serve } from './channel.js'
import type { Order, Reply } from './messages.js'
import { localShare, type Share } from './share.js'

let share: TE.TaskEither<ExecutorError, Share> = TE.left({
  _tag: 'ExecutionFailed',
  backend: 'wasm',
  reason: 'a worker has no rows yet',
})

const follow = async (order: Order): Promise<Reply> => {
  if (order._tag === 'Run')
    return pipe(
      share,
      TE.chain(own => own.run(order.pass, order.densities)),
    )()
  const loaded = await pipe(
    kernelOf(order.variant),
    TE.chain(kernel => localShare(kernel, order.part)),
  )()
  share = TE.fromEither(loaded)
  return pipe(
    loaded,
    E.map(() => undefined),
  )
}

let last: Promise<void> = Promise.resolve()

serve((order, answer) => {
  last = last.then(async () => answer(await follow(order)))
})
