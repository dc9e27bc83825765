import type { TensorInfo } from '@tensorflow/tfjs-core'
import type { WasmBackend } from './internals.js'
import { after, before } from './wasm.generated.js'

/** The kernels of `assembly`: addresses in bytes, of float32 but for those of scratch space. */
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

const bytesOf = (base64: string): number[] => [...atob(base64)].map(c => c.charCodeAt(0))

const instances = new WeakMap<WebAssembly.Memory, WasmKernels>()

/** The kernels over a memory, compiled in the calling thread when they are first asked for: they are four kilobytes. */
const kernelsOf = (memory: WebAssembly.Memory): WasmKernels => {
  const known = instances.get(memory)
  if (known !== undefined) return known
  const isShared = !(memory.buffer instanceof ArrayBuffer)
  const module = new WebAssembly.Module(Uint8Array.from([...bytesOf(before), ...importOf(isShared), ...bytesOf(after)]))
  const made = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as WasmKernels
  instances.set(memory, made)
  return made
}

/** Runs a kernel where its inputs are, without a copy; `scratch` numbers of float64 are there while it runs. */
export const inWasm = (
  backend: WasmBackend,
  inputs: ReadonlyArray<TensorInfo>,
  shape: ReadonlyArray<number>,
  scratch: number,
  run: (kernels: WasmKernels, inputs: ReadonlyArray<number>, out: number, scratch: number) => void,
): TensorInfo => {
  const kernels = kernelsOf(backend.memory)
  const output = backend.take(shape)
  const work = backend.take([2 * scratch + 1])
  run(kernels, inputs.map(backend.addressOf), backend.addressOf(output), backend.addressOf(work))
  backend.give(work)
  return output
}
