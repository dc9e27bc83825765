import type { TensorInfo } from '@tensorflow/tfjs-core'
import { bytesOf } from '../wasm-text.js'
import type { WasmBackend } from './internals.js'

/** A module in base64, before and after the import of its memory. */
export interface WasmText {
  readonly before: string
  readonly after: string
}

/** The kernels of the modules of `assembly`: addresses in bytes, of float32 but for those of scratch space. */
export interface WasmKernels {
  readonly cholesky: (x: number, out: number, n: number, d: number, work: number) => void
  readonly inverse: (x: number, out: number, n: number, d: number, work: number) => void
  readonly logDeterminant: (factor: number, out: number, n: number, d: number) => void
  readonly gammaFunction: (order: number, dimension: number, x: number, out: number, n: number) => void
  readonly solve: (
    factor: number,
    b: number,
    y: number,
    n: number,
    d: number,
    m: number,
    transposed: boolean,
    work: number,
  ) => void
}

/** `env.memory` as a module imports it: of any size, and where threads share it of at most 2^16 pages. */
const importOf = (isShared: boolean): number[] => {
  const limits = isShared ? [3, 0, 0x80, 0x80, 4] : [0, 0]
  const names = [...'\x01\x03env\x06memory\x02'].map(c => c.charCodeAt(0))
  return [2, names.length + limits.length, ...names, ...limits]
}

const instances = new WeakMap<WebAssembly.Memory, Map<WasmText, WasmKernels | undefined>>()

const compile = (memory: WebAssembly.Memory, { before, after }: WasmText): WasmKernels | undefined => {
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const bytes = Uint8Array.from([...bytesOf(before), ...importOf(isShared), ...bytesOf(after)])
  // Of an engine that has no SIMD.
  if (!WebAssembly.validate(bytes)) return undefined
  return new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } }).exports as unknown as WasmKernels
}

/** The kernels over a memory, compiled in the calling thread when they are first asked for: they are two kilobytes. */
export const kernelsOf = (memory: WebAssembly.Memory, text: WasmText): WasmKernels | undefined => {
  const ofMemory = instances.get(memory) ?? new Map<WasmText, WasmKernels | undefined>()
  instances.set(memory, ofMemory)
  if (!ofMemory.has(text)) ofMemory.set(text, compile(memory, text))
  return ofMemory.get(text)
}

/** Runs a kernel where its inputs are, without a copy; `scratch` numbers of float64 are there while it runs. */
export const inWasm = (
  backend: WasmBackend,
  kernels: WasmKernels,
  inputs: ReadonlyArray<TensorInfo>,
  shape: ReadonlyArray<number>,
  scratch: number,
  run: (kernels: WasmKernels, inputs: ReadonlyArray<number>, out: number, scratch: number) => void,
): TensorInfo => {
  const output = backend.take(shape)
  const work = backend.take([2 * scratch + 1])
  run(kernels, inputs.map(backend.addressOf), backend.addressOf(output), backend.addressOf(work))
  backend.give(work)
  return output
}
