import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ExecutorError } from '../../contract/executor.js'
import { host, type Memory, type Module } from './host.js'

/** The compiled kernel: `assembly/index.ts` says what its functions do. */
export interface Kernel {
  readonly variant: Variant
  /** What workers can be sent. */
  readonly module: Module
  readonly instantiate: (memory: Memory) => Promise<KernelExports>
}

export interface KernelExports {
  readonly useLayout: (table: number) => void
  readonly blockAssignments: (block: number) => void
  readonly blockSoftmax: (block: number) => void
  readonly blockLogits: (block: number) => void
  readonly softmax: (block: number, pairs: number, components: number) => void
  readonly divide: (block: number) => void
  readonly draw: (block: number, low: number, high: number) => void
  readonly beginSums: () => void
  readonly addBlock: (block: number) => void
  readonly addExpectation: (first: number, end: number) => void
  readonly endSums: (target: number) => void
  readonly expectation: (first: number, end: number, target: number) => void
  readonly arrangeRows: (
    source: number,
    rows: number,
    width: number,
    columns: number,
    origin: number,
    target: number,
  ) => number
  readonly areTaken: (source: number, rows: number, columns: number, origin: number, kinds: number) => number
  readonly addNumbers: (source: number, count: number, target: number) => void
  readonly beginGroups: (columns: number, address: number) => void
  readonly roomForGroups: (most: number) => void
  readonly groupRows: (source: number, weights: number, rows: number, groups: number) => number
  readonly groupCount: () => number
  readonly sortGroups: (counts: number, values: number, weights: number, numbers: number) => void
}

/** With relaxed SIMD a multiply-add is one instruction, rounded once, where the processor has it. */
export type Variant = 'relaxed SIMD' | 'SIMD'

/** Loaded when they are asked for, since a page needs one of them. */
const sources: Readonly<Record<Variant, () => Promise<{ readonly module: string }>>> = {
  'relaxed SIMD': () => import('./relaxed-simd.generated.js'),
  SIMD: () => import('./simd.generated.js'),
}

/** A module of one function, of one multiply-add. */
const RELAXED = [
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b, 3, 2, 1, 0, 0x0a, 0x0d, 1, 0x0b, 0,
  0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x87, 2, 0x0b,
]

/** Whether the memory that a kernel imports is one that threads share. */
export type Sharing = 'own memory' | 'shared memory'

/** What a hexadecimal digit stands for, by its code. */
const digit = (code: number): number => (code & 15) + 9 * (code >> 6)

/** The bytes of a module that is embedded as hexadecimal digits. */
export const decoded = (module: string): Uint8Array => {
  const bytes = new Uint8Array(module.length / 2)
  for (let i = 0; i < bytes.length; i++)
    bytes[i] = 16 * digit(module.charCodeAt(2 * i)) + digit(module.charCodeAt(2 * i + 1))
  return bytes
}

/** The bytes of a module, for one or the other kind of memory. */
export const bytesOf = async (source: Promise<{ readonly module: string }>, sharing: Sharing): Promise<Uint8Array> => {
  const bytes = decoded((await source).module)
  return sharing === 'own memory' ? bytes : (await import('./shared-memory.js')).importingShared(bytes)
}

const validates = (bytes: Uint8Array): boolean => host.WebAssembly?.validate(bytes) ?? false

const hasRelaxed = (): boolean => validates(Uint8Array.from(RELAXED))

/** Node 20 knows relaxed SIMD but wants it asked for; later versions have it on and no longer know the flag. */
const askForRelaxedSimd = (): void => {
  if (host.process?.versions?.node === undefined) return
  E.tryCatch(
    () => host.process?.getBuiltinModule?.('node:v8').setFlagsFromString('--experimental-wasm-relaxed-simd'),
    E.toError,
  )
}

const unavailable = (reason: string): ExecutorError => ({
  _tag: 'BackendUnavailable',
  backend: 'wasm',
  reason,
  hint: "choose the backend 'javascript'",
})

/**
 * At once where the host allows it, and otherwise, as on the main thread of some browsers, in the background. Not in
 * the background first: while Node has nothing else to do it waits for every background task, and can wait for ever
 * for one that wants the garbage collector (nodejs/node issue 54918).
 */
const atOnceOrLater = async <A>(atOnce: () => A, later: () => Promise<A>): Promise<A> => {
  try {
    return atOnce()
  } catch {
    return later()
  }
}

/** Compiles one variant. */
export const kernelOf = (variant: Variant, sharing: Sharing = 'own memory'): TE.TaskEither<ExecutorError, Kernel> =>
  pipe(
    TE.rightIO(() => {
      if (variant === 'relaxed SIMD' && !hasRelaxed()) askForRelaxedSimd()
    }),
    TE.filterOrElse(
      () => variant !== 'relaxed SIMD' || hasRelaxed(),
      () => unavailable('this host has no WebAssembly with relaxed SIMD'),
    ),
    TE.chain(() => compiled(variant, () => bytesOf(sources[variant](), sharing))),
    TE.map(module => ({
      variant,
      module,
      instantiate: async memory => (await instanceOf(module, memory)) as KernelExports,
    })),
  )

export const compile = (bytes: Uint8Array): Promise<Module> =>
  atOnceOrLater(
    () => new host.WebAssembly!.Module(bytes),
    () => host.WebAssembly!.compile(bytes),
  )

const refused = (error: unknown): ExecutorError =>
  unavailable(`the WebAssembly kernel was refused: ${E.toError(error).message}`)

/** A module that needs some variant of WebAssembly. Errors: the host has none, or refuses it. */
export const compiled = (variant: Variant, bytesOf: () => Promise<Uint8Array>): TE.TaskEither<ExecutorError, Module> =>
  pipe(
    TE.tryCatch(bytesOf, refused),
    TE.filterOrElse(validates, () => unavailable(`this host has no WebAssembly with ${variant}`)),
    TE.chain(bytes => TE.tryCatch(() => compile(bytes), refused)),
  )

/** What a module exports, in a memory, beside the kernel there where it is another one. */
export const instanceOf = async (module: Module, memory: Memory, kernel?: KernelExports): Promise<unknown> => {
  const imports = { env: { memory }, kernel }
  const { exports } = await atOnceOrLater(
    () => new host.WebAssembly!.Instance(module, imports),
    () => host.WebAssembly!.instantiate(module, imports),
  )
  return exports
}

const compileBest: TE.TaskEither<ExecutorError, Kernel> = pipe(
  kernelOf('relaxed SIMD'),
  TE.orElse(() => kernelOf('SIMD')),
)

let best: ReturnType<typeof compileBest> | undefined

/** The fastest variant of which this host is capable, compiled once. */
export const bestKernel: TE.TaskEither<ExecutorError, Kernel> = () => {
  best ??= compileBest()
  return best
}
