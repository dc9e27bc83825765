import * as E from 'fp-ts/lib/Either.js'
import type { BlockOptions, RowBlocks, Scratch } from '../../contract/blocks.js'
import { mismatch } from '../../contract/errors.js'
import type { ExecutorError } from '../../contract/executor.js'
import { largestOf } from '../../contract/overflow.js'
import { failureOf } from '../../contract/resident-rows.js'
import { failed } from '../kernel/resident.js'
import { type Basket, basketFor, gathered } from './gather.js'
import type { Piece } from './pieces.js'
import { AREAS, type Room } from './room.js'

export type Found<Failure, A> = E.Either<ExecutorError | Failure, A>

/** Brings pieces of chunks into areas. */
export interface Supply<Failure> {
  /** Whether any piece can be fetched at any time, or only whole chunks in their order. */
  readonly anywhere: boolean
  readonly fetch: (piece: Piece, area: number) => Promise<Found<Failure, void>>
  readonly end: () => Promise<void>
}

const scratchFailed = failureOf('the scratch')

/** Writes or reads the numbers of a piece that is in an area, or will be. */
const spansInScratch = async (
  room: Room,
  piece: Piece,
  area: number,
  each: (part: Uint8Array, position: number) => Promise<void>,
): Promise<E.Either<ExecutorError, void>> => {
  try {
    for (const { bytes, offset } of room.spansOf(area, piece)) await each(bytes, piece.chunk * room.chunkBytes + offset)
    return E.right(undefined)
  } catch (error) {
    return E.left(scratchFailed(error))
  }
}

/** Pieces that are read from where they were put. */
export const fromScratch = (room: Room, scratch: Scratch): Supply<never> => ({
  anywhere: true,
  fetch: (piece, area) => spansInScratch(room, piece, area, scratch.read),
  end: async () => {},
})

/** Chunks that are read from the beginning in every pass, as they are asked for, by way of a basket that is nobody else's meanwhile. */
export const fromBlocks = <Failure>(
  room: Room,
  source: RowBlocks<Failure>,
  options: BlockOptions,
  basket: Basket,
): Supply<Failure> => {
  const chunks = gathered(source, room.chunkRows, options, basket)
  return {
    anywhere: false,
    fetch: async (_, area) => {
      try {
        const next = await chunks.next()
        // There are more or fewer of them than was said, which `gathered` tells.
        if (next.done) return E.left(mismatch('rows of all blocks', source.rows, 'fewer'))
        if (E.isLeft(next.value)) return next.value
        const wrong = room.store(area, next.value.right)
        return wrong ? E.left(wrong) : E.right(undefined)
      } catch (error) {
        return E.left(failed(error))
      }
    },
    end: async () => {
      await chunks.return()
    },
  }
}

/** Puts all chunks into scratch, one while the next is read. Gives the greatest size of a value. */
export const spool = async <Failure>(
  room: Room,
  source: RowBlocks<Failure>,
  options: BlockOptions,
  scratch: Scratch | undefined,
): Promise<Found<Failure, number>> => {
  let largest = 0
  let chunk = 0
  let written: Promise<E.Either<ExecutorError, void>> = Promise.resolve(E.right(undefined))
  try {
    for await (const next of gathered(source, room.chunkRows, options, basketFor(source, room.chunkRows))) {
      if (E.isLeft(next)) return next
      largest = largestOf(next.right.data, largest)
      const area = chunk % AREAS
      const wrong = room.store(area, next.right)
      if (wrong) return E.left(wrong)
      if (scratch) {
        const before = await written
        if (E.isLeft(before)) return before
        written = spansInScratch(room, room.whole(chunk), area, scratch.write)
      }
      chunk++
    }
    const last = await written
    return E.isLeft(last) ? last : E.right(largest)
  } finally {
    await written
  }
}
