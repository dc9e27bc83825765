// How threads divide the work of an order, and wait for each other: counters in the memory that they share, some at its start and one
// at the end of the table of each thread. A thread takes the ranges of its share, which are the same ones in every order, so that
// their rows stay in the caches near it; then what is left of the others' shares, so that one that is late, or slower, holds nobody up.
// All that an order is about is written before its ranges are given out, and threads read it after they have taken one. What is
// counted is how many are left: who comes too late for one order has taken nothing of the next, however many ranges that has.
import { shareAt } from '../kernel/layout.js'

export type Control = Int32Array

/** The places of the counters in the memory: what workers look at while they wait. */
const [ORDERS, THREADS, LAYOUTS, SLEEPING, ENDED, HELPERS] = [0, 1, 2, 3, 4, 5]
/** In another line of the caches, so that no writing there takes the first one away from who waits: what an order is about. */
export const PASS = 16
const [DONE, CALLER_SLEEPS] = [17, 18]
/** The two halves of a seed, or of the first range whose numbers are given. */
const [SEED_HIGH, SEED_LOW] = [19, 20]
const HALF = 2 ** 32
const WORD = 4

/** A share is one word: above these bits how many ranges are left of it, and in them where it ends. There are far fewer ranges. */
const END_BITS = 16
const ONE = 1 << END_BITS

/** The number of the calling thread; workers follow. */
export const CALLER = 0

/** What is taken where nothing is left. */
export const NONE = -1

/**
 * What is to be computed: the sums of an E-step, or of pieces that lanes are told of, or those with given responsibilities or labels, or
 * a pass over the rows, from this number on.
 */
export const SUMS = 0
export const LANES = 1
export const RESPONSIBILITIES = 2
export const LABELS = 3
export const FIRST_PASS = 4

/** The counters of so many threads. */
export const controlOf = (buffer: ArrayBufferLike, threads: number): Control =>
  new Int32Array(buffer, 0, shareAt(threads - 1) / WORD + 1)

const shareOf = (thread: number): number => shareAt(thread) / WORD

const threadsOf = (control: Control): number => control[THREADS]!

/** Nothing to do yet, for so many threads. The memory may have been used before. */
export const reset = (control: Control, threads: number): void => {
  for (let counter = 0; counter <= SEED_LOW; counter++) control[counter] = 0
  for (let thread = 0; thread < threads; thread++) control[shareOf(thread)] = 0
  control[THREADS] = threads
}

/** Tells workers that the tables of the layout have been written anew. */
export const laidOut = (control: Control): void => void Atomics.add(control, LAYOUTS, 1)

/** How often the tables have been written anew. */
export const layoutsOf = (control: Control): number => Atomics.load(control, LAYOUTS)

/**
 * Gives out so many ranges of an order, which draws by a seed from 0 to 2^53 - 1 or begins at a given range if it does, and wakes the
 * workers that sleep.
 */
export const dispatch = (control: Control, pass: number, ranges: number, seed = 0): void => {
  Atomics.store(control, PASS, pass)
  Atomics.store(control, SEED_HIGH, Math.floor(seed / HALF))
  Atomics.store(control, SEED_LOW, seed | 0)
  Atomics.store(control, DONE, 0)
  Atomics.store(control, CALLER_SLEEPS, 0)
  const threads = threadsOf(control)
  for (let thread = 0, first = 0; thread < threads; thread++) {
    const end = Math.floor(((thread + 1) * ranges) / threads)
    Atomics.store(control, shareOf(thread), (end - first) * ONE + end)
    first = end
  }
  Atomics.add(control, ORDERS, 1)
  if (Atomics.load(control, SLEEPING) > 0) Atomics.notify(control, ORDERS)
}

/** Tells all workers to end. */
export const shutDown = (control: Control): void => {
  for (let thread = 0; thread < threadsOf(control); thread++) Atomics.store(control, shareOf(thread), 0)
  Atomics.store(control, ENDED, 1)
  Atomics.add(control, ORDERS, 1)
  Atomics.notify(control, ORDERS)
}

export const hasEnded = (control: Control): boolean => Atomics.load(control, ENDED) === 1

/** What is to be computed, by a thread that has taken a range. */
export const passOf = (control: Control): number => Atomics.load(control, PASS)

/** The seed by which it draws, or the range at which it begins. */
export const seedOf = (control: Control): number =>
  Atomics.load(control, SEED_HIGH) * HALF + (Atomics.load(control, SEED_LOW) >>> 0)

/** Takes the next range of a share, or another piece. */
const takeFrom = (control: Control, share: number): number => {
  if (Atomics.load(control, share) < ONE) return NONE
  const word = Atomics.sub(control, share, ONE)
  return word < ONE ? NONE : (word & (ONE - 1)) - (word >> END_BITS)
}

/** Takes a range, or another piece, for a thread: of its own share, or of the next one of which there is something left. */
export const take = (control: Control, thread: number): number => {
  const threads = threadsOf(control)
  for (let i = 0; i < threads; i++) {
    const range = takeFrom(control, shareOf((thread + i) % threads))
    if (range !== NONE) return range
  }
  return NONE
}

/** Says that a worker has taken its first range. */
export const beginToHelp = (control: Control): void => void Atomics.add(control, HELPERS, 1)

/** How many workers have taken a range. */
export const helpersOf = (control: Control): number => Atomics.load(control, HELPERS)

/**
 * Notes that a thread has computed so many of the ranges of an order, once it finds no more. True where they were the last and the
 * caller, which sleeps, has to be woken.
 */
export const finish = (control: Control, computed: number, ranges: number): boolean =>
  Atomics.add(control, DONE, computed) === ranges - computed && Atomics.load(control, CALLER_SLEEPS) === 1

export const allDone = (control: Control, ranges: number): boolean => Atomics.load(control, DONE) >= ranges

/** Notes that the caller goes to sleep; it has to look once more afterwards, since the last range may be done by then. */
export const callerSleeps = (control: Control): void => void Atomics.store(control, CALLER_SLEEPS, 1)

/** How often memory is looked at between two looks at the clock. */
const LOOKS = 64

/** Stays awake until something is there, but not longer than so many milliseconds: to wake takes a good part of one. */
export const lookFor = (isThere: () => boolean, milliseconds: number): boolean => {
  if (isThere()) return true
  const end = performance.now() + milliseconds
  do {
    for (let i = 0; i < LOOKS; i++) if (isThere()) return true
  } while (performance.now() < end)
  return false
}

/** The number of orders, to be known before one looks for work. */
export const ordersOf = (control: Control): number => Atomics.load(control, ORDERS)

/** Waits for more orders than were known, awake for a moment and then asleep, as only workers may. */
export const awaitOrder = (control: Control, known: number, milliseconds: number): void => {
  if (lookFor(() => Atomics.load(control, ORDERS) !== known, milliseconds)) return
  Atomics.add(control, SLEEPING, 1)
  Atomics.wait(control, ORDERS, known)
  Atomics.sub(control, SLEEPING, 1)
}
