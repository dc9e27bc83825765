import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError } from '../../contract/executor.js'
import { totalsIn } from '../kernel/expectation.js'
import type { Layout } from '../kernel/layout.js'
import { failed } from '../kernel/resident.js'
import type { Crew } from '../threads/lanes.js'
import { inChunks, inStretches, type Piece } from './pieces.js'
import { AREAS, type Room } from './room.js'
import type { Found, Supply } from './supply.js'

type Pieces = ReadonlyArray<Piece | undefined>

/** Fetches what lanes work on next, each chunk once: its areas by lane. Chunks that come in order are in areas of their own. */
const fetchAll = async <Failure>(
  supply: Supply<Failure>,
  pieces: Pieces,
  areaOf: (lane: number) => number,
): Promise<Found<Failure, void>> => {
  const asked = supply.anywhere
    ? pieces.map((piece, lane) => piece && supply.fetch(piece, areaOf(lane)))
    : [supply.fetch(pieces.find(piece => piece !== undefined)!, areaOf(0))]
  // None may be under way when the areas are used for something else.
  for (const found of await Promise.all(asked)) if (found && E.isLeft(found)) return found
  return E.right(undefined)
}

/** Adds up the sums of all rows: while pieces are worked on, the next ones are fetched. `whyNot` says why to go on no longer. */
export const sumsOf = async <Failure>(
  { room, crew, all }: { readonly room: Room; readonly crew: Crew; readonly all: Layout },
  supply: Supply<Failure>,
  whyNot: () => ExecutorError | undefined,
): Promise<Found<Failure, Float64Array>> => {
  const { lanes, chunkBlocks } = room
  const orders = supply.anywhere ? inStretches(all, chunkBlocks, lanes) : inChunks(all, chunkBlocks, lanes)
  // Reading rows again is work for the calling thread, where there are others.
  const takesPart = supply.anywhere || crew.threads === 1
  let turn = 0
  const areaOf = (lane: number): number => (supply.anywhere ? AREAS * lane + (turn % AREAS) : turn % AREAS)
  let pieces = orders.next().value ?? undefined
  let fetched = pieces && fetchAll(supply, pieces, areaOf)
  try {
    while (pieces && fetched) {
      const here = await fetched
      fetched = undefined
      if (E.isLeft(here)) return here
      const why = whyNot()
      if (why) return E.left(why)
      for (const [lane, piece] of pieces.entries()) room.tell(lane, areaOf(lane), piece)
      turn++
      pieces = orders.next().value ?? undefined
      const next: Pieces | undefined = pieces
      const fetch = () => next && fetchAll(supply, next, areaOf)
      if (takesPart) fetched = fetch()
      const summed = crew.sums(takesPart)
      fetched ??= fetch()
      const failure = await summed
      if (failure) return E.left(failure)
    }
  } catch (error) {
    return E.left(failed(error))
  } finally {
    await fetched
    await supply.end()
  }
  const totals = totalsIn(room.workspace())
  for (let range = 0; range < all.ranges; range++) totals.add(range)
  return E.right(totals.found())
}
