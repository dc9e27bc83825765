import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError } from '../../contract/executor.js'
import { host, type Memory, type Module } from '../kernel/host.js'
import { bestKernel, compiled, decoded, instanceOf, type Variant } from '../kernel/kernel.js'
import { outOfMemory, pagesOf } from '../kernel/resident.js'

/** What `assembly/labels.ts` exports, which says what its functions do. */
export interface LabelKernel {
  readonly useChain: (states: number, address: number) => void
  readonly beginSequence: () => void
  readonly endSequence: (target: number) => void
  readonly filter: (source: number, rows: number, target: number, before: number, loses: number) => number
  readonly smooth: (address: number, rows: number) => void
  readonly narrow: (source: number, rows: number, target: number) => void
  readonly best: (source: number, rows: number, from: number, isFirst: boolean) => void
  readonly bestAddress: () => number
  readonly useRows: (
    address: number,
    rows: number,
    width: number,
    weights: number,
    labels: number,
    bounds: number,
    clusters: number,
  ) => void
  readonly lower: (place: number, distances: number) => void
  readonly cluster: (count: number, rounds: number, least: number) => void
  readonly spread: () => number
  readonly standardise: (work: number) => boolean
}

/** The kernel in a memory of its own, which the host reclaims when nothing refers to it any more. */
export interface LabelMemory {
  readonly kernel: LabelKernel
  readonly memory: Memory
}

const sources: Readonly<Record<Variant, () => Promise<{ readonly module: string }>>> = {
  'relaxed SIMD': () => import('../kernel/labels-relaxed.generated.js'),
  SIMD: () => import('../kernel/labels.generated.js'),
}

const compile: TE.TaskEither<ExecutorError, Module> = pipe(
  bestKernel,
  TE.chain(({ variant }) => compiled(variant, async () => decoded((await sources[variant]()).module))),
)

let made: ReturnType<typeof compile> | undefined

/** The variant of the kernel of E-steps, compiled when it is first asked for, and once. */
const labelModule: typeof compile = () => {
  made ??= compile()
  return made
}

/** Room for so many bytes. Errors: there is no WebAssembly SIMD, or no more memory. */
export const memoryOf = (bytes: number): TE.TaskEither<ExecutorError, LabelMemory> =>
  pipe(
    labelModule,
    TE.chain(module =>
      TE.tryCatch(async () => {
        const memory = new host.WebAssembly!.Memory({ initial: pagesOf(bytes) })
        return { memory, kernel: (await instanceOf(module, memory)) as LabelKernel }
      }, outOfMemory(bytes)),
    ),
  )
