import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Densities, ExecutorError } from '../executor.js'
import { partialsLength } from '../wasm/expectation.js'
import type { Variant } from '../wasm/kernel.js'
import { open } from './channel.js'
import { callerSleeps, fits, isAnswered, type Mailbox, mailboxFor, order as putIn } from './mailbox.js'
import type { Order, Result } from './messages.js'
import type { Part, Pass, PassResults, Share } from './share.js'

type Resolve = (result: Result) => void

const failed = (reason: string): ExecutorError => ({ _tag: 'ExecutionFailed', backend: 'wasm', reason })

/** A worker and what it has not answered yet; when it is gone, that and all later orders fail. */
const connect = () => {
  const waiting: Resolve[] = []
  let mailbox: Mailbox | undefined
  let waitingForMailbox: Resolve | undefined
  let gone: ExecutorError | undefined
  const leave = (reason: string): void => {
    gone ??= failed(reason)
    for (const resolve of [...waiting.splice(0), waitingForMailbox]) resolve?.(E.left(gone))
    waitingForMailbox = undefined
  }
  /** Hands over the answer in the mailbox if it is there, in a copy, since the next order may come before it is read. */
  const collect = (): boolean => {
    if (!(mailbox && waitingForMailbox && isAnswered(mailbox))) return false
    const resolve = waitingForMailbox
    waitingForMailbox = undefined
    resolve(E.right(mailbox.sums.slice()))
    return true
  }
  const letGo = (): void => {
    if (waiting.length === 0 && !waitingForMailbox) channel.keepAlive(false)
  }
  const channel = open({
    onReply: reply => {
      if (reply._tag === 'Answered') collect()
      else waiting.shift()?.(reply)
      letGo()
    },
    onFailure: reason => leave(`a worker thread failed: ${reason}`),
  })
  const ask =
    (start: (resolve: Resolve) => void): TE.TaskEither<ExecutorError, Float64Array | Int32Array | undefined> =>
    // Called in every iteration, so without the calls that `pipe` would take.
    () =>
      new Promise(resolve => {
        if (gone) return resolve(E.left(gone))
        channel.keepAlive(true)
        start(resolve)
      })
  const send = (order: Order, transfer: ReadonlyArray<ArrayBufferLike> = []) =>
    ask(resolve => {
      waiting.push(resolve)
      channel.post(order, transfer)
    })
  return {
    send,
    /** Partial sums, by the mailbox where there is one for densities of the shape, and otherwise with one for the next time. */
    sums: (densities: Densities, count: number) => {
      if (!channel.sharesMemory || waitingForMailbox) return send({ _tag: 'Run', pass: 'partialSums', densities })
      if (mailbox && fits(mailbox, densities)) {
        const known = mailbox
        return ask(resolve => {
          waitingForMailbox = resolve
          if (putIn(known, densities)) channel.post({ _tag: 'Look' }, [])
        })
      }
      mailbox = mailboxFor(densities, count)
      return send({ _tag: 'Run', pass: 'partialSums', densities, mailbox: mailbox.buffer })
    },
    stayAwake: (): void => {
      if (waiting.length === 0 && !waitingForMailbox) return
      if (!collect()) channel.stayAwake(collect)
      if (mailbox && waitingForMailbox) {
        callerSleeps(mailbox)
        // What came before that was said was said to nobody.
        collect()
      }
      letGo()
    },
    end: (): void => {
      leave('the rows have been disposed of')
      channel.end()
    },
  }
}

/** The part in arrays of its own, since a message takes whole buffers; the data is handed over with it. */
const owned = ({ rows, ranges }: Part): Part => ({
  rows: { ...rows, data: rows.data.slice(), rowWeights: rows.rowWeights?.slice() },
  ranges,
})

/** A share of a worker of its own. */
export const remoteShare = (variant: Variant, part: Part): TE.TaskEither<ExecutorError, Share> =>
  pipe(
    TE.fromEither(E.tryCatch(connect, error => failed(`no worker thread: ${E.toError(error).message}`))),
    TE.bind('own', () => TE.fromIO(() => owned(part))),
    TE.chain(({ send, sums, stayAwake, end, own }) =>
      pipe(
        send({ _tag: 'Load', variant, part: own }, [own.rows.data.buffer]),
        TE.bimap(
          error => {
            end()
            return error
          },
          () => ({
            run: <P extends Pass>(pass: P, densities: Densities) =>
              (pass === 'partialSums'
                ? sums(densities, part.ranges.length * partialsLength(densities))
                : send({ _tag: 'Run', pass, densities })) as TE.TaskEither<ExecutorError, PassResults[P]>,
            stayAwake,
            end,
          }),
        ),
      ),
    ),
  )
