import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError } from '../executor.js'
import type { Variant } from '../wasm/kernel.js'
import { open } from './channel.js'
import type { Order, Reply } from './messages.js'
import type { Part, Pass, PassResults, Share } from './share.js'

type Send = (order: Order, transfer?: ReadonlyArray<ArrayBufferLike>) => TE.TaskEither<ExecutorError, unknown>

const failed = (reason: string): ExecutorError => ({ _tag: 'ExecutionFailed', backend: 'wasm', reason })

/** A worker and the orders that it has not answered yet; when it is gone, they and all later ones fail. */
const connect = (): { readonly send: Send } & Pick<Share, 'stayAwake' | 'end'> => {
  const waiting: ((reply: Reply) => void)[] = []
  let gone: ExecutorError | undefined
  const leave = (reason: string): void => {
    gone ??= failed(reason)
    for (const resolve of waiting.splice(0)) resolve(E.left(gone))
  }
  const channel = open({
    onReply: reply => {
      waiting.shift()?.(reply)
      if (waiting.length === 0) channel.keepAlive(false)
    },
    onFailure: reason => leave(`a worker thread failed: ${reason}`),
  })
  return {
    send:
      (order, transfer = []) =>
      () =>
        new Promise<Reply>(resolve => {
          if (gone) return resolve(E.left(gone))
          channel.post(order, transfer)
          channel.keepAlive(true)
          waiting.push(resolve)
        }),
    stayAwake: () => {
      if (waiting.length > 0) channel.stayAwake()
    },
    end: () => {
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
    TE.chain(({ send, stayAwake, end, own }) =>
      pipe(
        send({ _tag: 'Load', variant, part: own }, [own.rows.data.buffer]),
        TE.bimap(
          error => {
            end()
            return error
          },
          () => ({
            run: <P extends Pass>(pass: P, densities: Extract<Order, { _tag: 'Run' }>['densities']) =>
              send({ _tag: 'Run', pass, densities }) as TE.TaskEither<ExecutorError, PassResults[P]>,
            stayAwake,
            end,
          }),
        ),
      ),
    ),
  )
