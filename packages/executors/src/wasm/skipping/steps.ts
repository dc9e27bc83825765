import * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError } from '../../contract/executor.js'
import { packDensities } from '../kernel/densities.js'
import { numbersOf, tableOf } from '../kernel/layout.js'
import { layOut, type Resident } from '../kernel/resident.js'
import { skippingFields } from '../kernel/skipping-memory.generated.js'
import { numbers } from '../kernel/transfer.js'
import type { Workspace } from '../kernel/workspace.js'
import { type Area, areaOf, type Room, roomAt, tableIn } from './area.js'
import { driftOf, kept, type MetricDensities } from './drift.js'
import type { SkippingExports } from './exports.js'
import { type Pass, type Progress, progressOf, type Tally } from './progress.js'
import type { Sequence, Skipping } from './sequence.js'
import { sampleOf, tallyOf } from './tally.js'

/**
 * Bits of the share of a component's sums that a row may fail to add: less than the rounding of these sums. It is one of sums of
 * squares too, `assembly/skipping.ts` takes care of the distance.
 */
const LIMIT = 52

/** A component whose weight has fallen by more than this factor in one step was held to limits that are too high. */
const FALL = 256

/** A sequence under way. */
interface State {
  readonly sequence: Sequence
  workspace: Workspace
  readonly area: Area
  /** Room to move rows, once they are to be laid out anew: most sequences of clusters close by never are. */
  room: Room | undefined
  readonly progress: Progress
  pass: Pass
  tally: Tally
  /** The weights of the components as of the last step. */
  weights: Float64Array
  /** The densities of the last step that left something out, about which distances are remembered. */
  last: MetricDensities | undefined
  now: MetricDensities
  /** Whether rows lie in another order than they were loaded in. */
  isArranged: boolean
}

const isOf = ({ workspace: { layout }, sequence, now }: State, densities: Densities, asked: Sequence): boolean =>
  sequence === asked && now._tag === densities._tag && layout.components === densities.components

/** Leaves nothing out, and counts on every component of every block. */
const forget = (state: State): void => {
  const { buffer, layout } = state.workspace
  const { area } = state
  state.last = undefined
  new Float32Array(buffer, area.bounds, layout.blocks * layout.components * area.strips).fill(-1)
  new Uint32Array(buffer, area.firsts, layout.blocks).fill(0)
}

const writeTable = ({ workspace: { buffer, layout }, area, room, pass }: State): void => {
  const { keys, order, spare } = room ?? { keys: 0, order: 0, spare: 0 }
  const fields = {
    ...area,
    order,
    spare,
    everything: pass.isProbe ? sampleOf(layout) : pass.everything ? 1 : 0,
    keys: pass.keyed ? keys : 0,
    rangeBlocks: layout.rangeBlocks,
  }
  tableIn(buffer, layout.skipping).set(skippingFields.map(name => fields[name]))
}

const writeLimits = ({ workspace: { buffer, layout }, area, weights }: State): void => {
  const { components } = layout
  const limits = numbers(buffer, area.limits, components)
  const shares = numbers(buffer, area.shares, components)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  for (let k = 0; k < components; k++) {
    // Before the first step no weights are known.
    const share = total > 0 ? Math.min(1, weights[k]! / total) : 1 / components
    // Of a component that has no weight nothing is left out.
    limits[k] = share > 0 ? Math.log2(share) - LIMIT : Number.NEGATIVE_INFINITY
    shares[k] = share > 0 ? share * 2 ** -LIMIT : 0
  }
}

const writeDrift = ({ workspace: { buffer, layout }, area, last }: State, densities: MetricDensities): void => {
  if (last === undefined) return
  const { shrinks, shifts } = driftOf(last, densities)
  numbers(buffer, area.shrinks, layout.components).set(shrinks)
  numbers(buffer, area.shifts, layout.components).set(shifts)
}

/** E-steps on rows of one memory, with what works beside the kernel there. */
export const stepsOn = (resident: Resident, skipping: SkippingExports): Skipping => {
  let state: State | undefined
  const { shape } = resident
  skipping.useLayout(tableOf(0))
  const wordsAt = (address: number): Uint32Array => new Uint32Array(resident.memory.buffer, address, shape.rows)
  const laidOutFor = (densities: MetricDensities, behind: number): E.Either<ExecutorError, Workspace> =>
    layOut(resident, densities, false, { skipping, endOfArea: (base, sizes) => areaOf(base, sizes).end, behind })
  /** Makes room behind all else. */
  const makeRoom = (current: State): E.Either<ExecutorError, Workspace> => {
    const { end, ...layout } = current.workspace.layout
    const room = roomAt(end, layout)
    const workspace = laidOutFor(current.now, room.end - end)
    if (E.isRight(workspace)) {
      current.workspace = workspace.right
      current.room = room
    }
    return workspace
  }
  const layAnew = (current: State, room: Room): void => {
    const order = wordsAt(room.order)
    if (!current.isArranged) for (let n = 0; n < order.length; n++) order[n] = n
    skipping.placeRows(shape.rows, room.starts)
    skipping.moveRows(shape.rows)
    current.isArranged = true
  }
  const restore = (): void => {
    if (state?.isArranged && state.room) {
      wordsAt(state.room.keys).set(wordsAt(state.room.order))
      writeTable({ ...state, pass: { everything: true, isProbe: false, keyed: true } })
      skipping.moveRows(shape.rows)
    }
    state = undefined
  }
  const start = (densities: MetricDensities, sequence: Sequence): E.Either<ExecutorError, State> => {
    restore()
    const workspace = laidOutFor(densities, 0)
    if (E.isLeft(workspace)) return workspace
    const { layout } = workspace.right
    const progress = progressOf(shape.rows, shape.columns, densities.components)
    state = {
      sequence,
      workspace: workspace.right,
      area: areaOf(layout.skipping, layout),
      room: undefined,
      progress,
      pass: progress.next(),
      tally: { computed: 0, counted: 0 },
      weights: new Float64Array(densities.components),
      last: undefined,
      now: densities,
      isArranged: false,
    }
    forget(state)
    return E.right(state)
  }
  return {
    begin: (densities, sequence) => {
      const found = state && isOf(state, densities, sequence) ? E.right(state) : start(densities, sequence)
      if (E.isLeft(found)) return found
      const current = found.right
      const hadEverything = current.pass.everything
      current.pass = current.progress.next()
      if (current.pass.keyed && !current.room) {
        const made = makeRoom(current)
        if (E.isLeft(made)) return made
      }
      writeTable(current)
      // What was remembered before passes computed everything is of parameters of long ago.
      if (current.pass.isProbe || (hadEverything && !current.pass.everything)) forget(current)
      if (current.pass.isProbe || !current.pass.everything) writeLimits(current)
      if (!current.pass.everything) writeDrift(current, densities)
      packDensities(current.workspace.densities, densities)
      current.now = densities
      return E.right(current.workspace)
    },
    end: totals => {
      // Rows have been disposed of, or brought back, meanwhile.
      if (state === undefined) return true
      const { pass, progress, now, weights } = state
      const found = new Float64Array(now.components)
      const numbersOfOne = numbersOf(now)
      for (let k = 0; k < found.length; k++) found[k] = totals[k * numbersOfOne]!
      const hasFallen = !pass.everything && found.some((weight, k) => !(weight * FALL >= weights[k]!))
      state.weights = found
      if (!pass.everything) state.last = kept(now)
      state.tally = tallyOf(state.workspace, state.area, pass)
      if (progress.done(pass, state.tally) && state.room) layAnew(state, state.room)
      return !hasFallen
    },
    restore,
    found: () => state && { ...state.tally, isArranged: state.isArranged },
  }
}
