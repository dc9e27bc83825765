// What runs in a worker: it takes ranges of every order until it is told to end.
import { sumLane } from '../blocks/pieces.js'
import type { KernelExports } from '../kernel/kernel.js'
import { type Layout, readTable, tableOf } from '../kernel/layout.js'
import { runPass } from '../kernel/passes.js'
import { passNames, placeOf, resultsOf } from '../kernel/results.js'
import { instanceIn, sumRange, type Workspace, workspaceOf } from '../kernel/workspace.js'
import type { SkippingExports } from '../skipping/exports.js'
import { awakeFor, awakeOnLanes, serve } from './channel.js'
import {
  awaitOrder,
  beginToHelp,
  type Control,
  controlOf,
  FIRST_PASS,
  finish,
  hasEnded,
  LABELS,
  layoutsOf,
  NONE,
  ordersOf,
  passOf,
  RESPONSIBILITIES,
  SUMS,
  seedOf,
  take,
} from './control.js'
import { endOfGiven, sumPut } from './given.js'
import type { Report, Start } from './messages.js'

/** Waits for a memory that the calling thread has grown, of which this one learns at the next turn of a loop. */
const awaitGrowth = (memory: Start['memory'], end: number): void => {
  while (memory.buffer.byteLength < end);
}

/** The layout of a thread or lane, in a memory of that size. */
const layoutIn = (memory: Start['memory'], thread: number): Layout => {
  const layout = readTable(memory.buffer, thread)
  awaitGrowth(memory, layout.end)
  return layout
}

/** The memory as it is laid out now. */
const currentWorkspace = (
  { memory, thread }: Start,
  kernel: KernelExports,
  skipping: SkippingExports | undefined,
): Workspace => workspaceOf(kernel, skipping, layoutIn(memory, thread), memory.buffer)

/** The results of a range, to be handed over. */
const resultsOfRange = (workspace: Workspace, range: number, pass: number, seed: number): Report => {
  const name = passNames[pass - FIRST_PASS]
  if (name === undefined) throw new Error(`there is no pass ${pass}`)
  const values = resultsOf(name, workspace.layout, placeOf(workspace.layout, range).rows)
  runPass(name, workspace, range, values, 0, seed)
  return { _tag: 'Results', range, values }
}

/** Leaves the sums of a range in its slot. */
const sumOne = (control: Control, { memory }: Start, workspace: Workspace, range: number, pass: number): void => {
  if (pass === SUMS) sumRange(workspace, range, range)
  else {
    awaitGrowth(memory, endOfGiven(workspace.layout, pass))
    sumPut(memory, workspace, range, pass, seedOf(control))
  }
}

const work = (
  control: Control,
  start: Start,
  workspaceNow: () => Workspace,
  report: (report: Report) => void,
  begin: () => void,
): void => {
  const next = (): number => take(control, start.thread)
  let summed = 0
  for (let range = next(); range !== NONE; range = next()) {
    const workspace = workspaceNow()
    begin()
    const pass = passOf(control)
    if (pass === SUMS || pass === RESPONSIBILITIES || pass === LABELS) {
      sumOne(control, start, workspace, range, pass)
      summed++
    } else report(resultsOfRange(workspace, range, pass, seedOf(control)))
  }
  // No other order begins before these ranges are known to be done.
  if (summed > 0 && finish(control, summed, workspaceNow().layout.ranges)) report({ _tag: 'Finished' })
}

/** Adds up what lanes are told to. */
const workOnLanes = (
  control: Control,
  { memory, thread }: Start,
  lanes: number,
  kernel: KernelExports,
  report: (report: Report) => void,
): void => {
  let summed = 0
  for (let lane = take(control, thread); lane !== NONE; lane = take(control, thread), summed++) {
    layoutIn(memory, lane)
    sumLane(kernel, memory.buffer, lane)
  }
  if (summed > 0 && finish(control, summed, lanes)) report({ _tag: 'Finished' })
}

serve((start, report) => {
  const control = controlOf(start.memory.buffer, start.threads)
  const kernel = instanceIn<KernelExports>(start.memory, start.module)
  const skipping = start.skipping && instanceIn<SkippingExports>(start.memory, start.skipping, kernel)
  kernel.useLayout(tableOf(start.thread))
  skipping?.useLayout(tableOf(start.thread))
  let [layouts, workspace] = [0, undefined as Workspace | undefined]
  const workspaceNow = (): Workspace => {
    const now = layoutsOf(control)
    if (workspace === undefined || now !== layouts) {
      workspace = currentWorkspace(start, kernel, skipping)
      layouts = now
    }
    return workspace
  }
  let helps = false
  const begin = (): void => {
    if (!helps) beginToHelp(control)
    helps = true
  }
  const awake = start.lanes ? awakeOnLanes() : awakeFor()
  report({ _tag: 'Ready' })
  while (!hasEnded(control)) {
    const orders = ordersOf(control)
    if (start.lanes) workOnLanes(control, start, start.lanes, kernel, report)
    else if (layoutsOf(control) > 0) work(control, start, workspaceNow, report, begin)
    if (!hasEnded(control)) awaitOrder(control, orders, awake)
  }
  report({ _tag: 'Ended' })
})
