// What runs in a worker: it loads its part, then computes what it is told, in order.
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError } from '../executor.js'
import { partialsLength } from '../wasm/expectation.js'
import { kernelOf } from '../wasm/kernel.js'
import { serve } from './channel.js'
import { answered, isAnswered, type Mailbox, mailboxFor, workerIs } from './mailbox.js'
import type { Order, Result } from './messages.js'
import { type LocalShare, localShare } from './share.js'

const nothing: ExecutorError = { _tag: 'ExecutionFailed', backend: 'wasm', reason: 'a worker has no rows yet' }

let share: E.Either<ExecutorError, LocalShare> = E.left(nothing)
let ranges = 0
let mailbox: Mailbox | undefined

const load = async ({ variant, part }: Extract<Order, { _tag: 'Load' }>): Promise<Result> => {
  share = await pipe(
    kernelOf(variant),
    TE.chain(kernel => localShare(kernel, part)),
  )()
  ranges = part.ranges.length
  return E.isLeft(share) ? share : E.right(undefined)
}

const run = ({ pass, densities, mailbox: memory }: Extract<Order, { _tag: 'Run' }>): Result => {
  if (memory) mailbox = mailboxFor(densities, ranges * partialsLength(densities), memory)
  return E.isLeft(share) ? share : share.right.compute(pass, densities)
}

let last: Promise<void> = Promise.resolve()

serve({
  hear: (order, answer) => {
    // An order in the mailbox is attended to as soon as messages have been heard.
    last = last.then(async () => {
      if (order._tag === 'Load') answer(await load(order))
      else if (order._tag === 'Run') answer(run(order))
    })
  },
  attend: answer => {
    if (mailbox === undefined || isAnswered(mailbox) || E.isLeft(share)) return false
    const { densities, sums } = mailbox
    const computed = share.right.compute('partialSums', densities)
    // The shape has been computed before, so that no more memory is needed.
    if (E.isLeft(computed)) throw new Error(JSON.stringify(computed.left))
    sums.set(computed.right)
    if (answered(mailbox)) answer({ _tag: 'Answered' })
    return true
  },
  isAwake: awake => {
    if (mailbox) workerIs(mailbox, awake ? 'awake' : 'asleep')
  },
})
