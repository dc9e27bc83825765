// Orders for the sums of an E-step, and the sums, through memory that a caller and a worker of Node share: a message and its
// copies would take as long as a good part of a photo's E-step.
import { parametersOf } from '../densities.js'
import type { Densities } from '../executor.js'

/** Places of the counters: orders put in, orders answered, and whether either side has stopped to look. */
const [ORDERS, ANSWERS, WORKER_AWAKE, CALLER_ASLEEP] = [0, 1, 2, 3]
const COUNTERS = 4
const NUMBER = 8

export interface Mailbox {
  readonly buffer: SharedArrayBuffer
  readonly counters: Int32Array<SharedArrayBuffer>
  /** What the order is about: arrays in the shared memory. */
  readonly densities: Densities
  /** The answer. */
  readonly sums: Float64Array
}

/** A mailbox for densities of the shape of these and so many sums; of the other side, where it is given its memory. */
export const mailboxFor = (densities: Densities, sums: number, buffer?: SharedArrayBuffer): Mailbox => {
  const arrays = [...parametersOf(densities), { name: 'logConstant', values: densities.logConstant }]
  const length = arrays.reduce((total, { values }) => total + values.length, sums)
  const memory = buffer ?? new SharedArrayBuffer(COUNTERS * NUMBER + length * NUMBER)
  let at = COUNTERS * NUMBER
  const take = (count: number): Float64Array => {
    const view = new Float64Array(memory, at, count)
    at += count * NUMBER
    return view as unknown as Float64Array
  }
  return {
    buffer: memory,
    counters: new Int32Array(memory, 0, COUNTERS),
    densities: { ...densities, ...Object.fromEntries(arrays.map(({ name, values }) => [name, take(values.length)])) },
    sums: take(sums),
  }
}

/** Whether densities have the shape that the mailbox is for. */
export const fits = ({ densities: { _tag, components, columns } }: Mailbox, other: Densities): boolean =>
  _tag === other._tag && components === other.components && columns === other.columns

/** Puts an order in, and tells whether the worker sleeps and has to be called. */
export const order = ({ counters, densities }: Mailbox, wanted: Densities): boolean => {
  const sources = parametersOf(wanted)
  for (const [i, { values }] of parametersOf(densities).entries()) values.set(sources[i]!.values)
  densities.logConstant.set(wanted.logConstant)
  Atomics.store(counters, CALLER_ASLEEP, 0)
  Atomics.add(counters, ORDERS, 1)
  return Atomics.load(counters, WORKER_AWAKE) === 0
}

/** Whether the last order has been answered. */
export const isAnswered = ({ counters }: Mailbox): boolean =>
  Atomics.load(counters, ANSWERS) === Atomics.load(counters, ORDERS)

/** Says that the order has been answered, and tells whether the caller sleeps and has to be called. */
export const answered = ({ counters }: Mailbox): boolean => {
  Atomics.add(counters, ANSWERS, 1)
  return Atomics.load(counters, CALLER_ASLEEP) === 1
}

/** The caller goes to sleep, and has to look once more after it has said so. */
export const callerSleeps = ({ counters }: Mailbox): void => void Atomics.store(counters, CALLER_ASLEEP, 1)

/** The same of the worker, or that it is awake. */
export const workerIs = ({ counters }: Mailbox, state: 'awake' | 'asleep'): void =>
  void Atomics.store(counters, WORKER_AWAKE, state === 'awake' ? 1 : 0)
