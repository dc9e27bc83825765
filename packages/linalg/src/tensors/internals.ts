// All that this package touches of the inside of TensorFlow.js, which says nothing of it and may change it: as it is in 4.22.0,
// the release with which all of it was tried. Where something is not as it was, there is nothing here, and kernels take what
// TensorFlow.js does promise, reading and writing values.
import type { KernelBackend, TensorInfo } from '@tensorflow/tfjs-core'

/** The backend of tfjs-backend-wasm. */
export interface WasmBackend {
  readonly memory: WebAssembly.Memory
  /** Takes memory for numbers of float32. */
  readonly take: (shape: ReadonlyArray<number>) => TensorInfo
  readonly give: (taken: TensorInfo) => void
  readonly addressOf: (tensor: TensorInfo) => number
}

interface InsideOfWasm {
  readonly wasm?: { readonly wasmMemory?: unknown; readonly asm?: { readonly memory?: unknown } }
  readonly makeOutput?: (shape: number[], dtype: 'float32') => TensorInfo
  readonly disposeData?: (dataId: object) => boolean
  readonly dataIdMap?: { readonly get: (dataId: object) => { readonly memoryOffset: number } }
}

/** Threads of TensorFlow.js share a memory that is named elsewhere. */
export const wasmBackend = (backend: KernelBackend): WasmBackend | undefined => {
  const inside = backend as InsideOfWasm
  const memory = inside.wasm?.wasmMemory ?? inside.wasm?.asm?.memory
  const { makeOutput, disposeData, dataIdMap } = inside
  if (!(memory instanceof WebAssembly.Memory) || !makeOutput || !disposeData || !dataIdMap) return undefined
  return {
    memory,
    take: shape => makeOutput.call(backend, [...shape], 'float32'),
    give: ({ dataId }) => void disposeData.call(backend, dataId),
    addressOf: ({ dataId }) => dataIdMap.get(dataId).memoryOffset,
  }
}

/** A tensor inside of TensorFlow, of a type that TensorFlow.js may not have. */
export interface NativeTensor {
  readonly id: number
  readonly shape: number[]
  readonly dtype: number
}

export interface NativeAttribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number
}

/** The operations of TensorFlow that the addon of tfjs-node runs. */
export interface NativeBackend {
  readonly run: (
    operation: string,
    attributes: ReadonlyArray<NativeAttribute>,
    inputs: ReadonlyArray<number>,
    outputs: number,
  ) => ReadonlyArray<NativeTensor>
  readonly whole: (numbers: ReadonlyArray<number>, shape: ReadonlyArray<number>) => number
  readonly idOf: (tensor: TensorInfo) => number
  readonly forget: (id: number) => void
  /** Makes a tensor of TensorFlow.js, which forgets it when it is disposed of. */
  readonly publish: (tensor: NativeTensor) => TensorInfo
}

interface InsideOfNative {
  readonly binding?: {
    readonly executeOp: (name: string, attributes: object[], ids: number[], outputs: number) => NativeTensor[]
    readonly createTensor: (shape: number[], dtype: number, values: Int32Array) => number
    readonly deleteTensor: (id: number) => void
  }
  readonly getInputTensorIds?: (tensors: TensorInfo[]) => number[]
  readonly createOutputTensor?: (tensor: NativeTensor) => TensorInfo
}

/** Of the C interface of TensorFlow: kinds of attributes, and types. */
export const NATIVE = { INT: 1, TYPE: 4, BOOL: 3, FLOAT: 1, DOUBLE: 2, INT32: 3 } as const

export const nativeBackend = (backend: KernelBackend): NativeBackend | undefined => {
  const { binding, getInputTensorIds, createOutputTensor } = backend as InsideOfNative
  if (!binding || !getInputTensorIds || !createOutputTensor) return undefined
  return {
    run: (operation, attributes, inputs, outputs) =>
      binding.executeOp(operation, [...attributes], [...inputs], outputs),
    whole: (numbers, shape) => binding.createTensor([...shape], NATIVE.INT32, Int32Array.from(numbers)),
    idOf: tensor => getInputTensorIds.call(backend, [tensor])[0]!,
    forget: id => binding.deleteTensor(id),
    publish: tensor => createOutputTensor.call(backend, tensor),
  }
}

/** A program of one fragment an entry, in GLSL: it may read a whole number that changes from run to run. */
interface WebGlProgram {
  readonly inputs: ReadonlyArray<string>
  readonly shape: ReadonlyArray<number>
  readonly code: string
  readonly whole?: string
}

/** The backend of tfjs-backend-webgl. */
export interface WebGlBackend {
  readonly run: (program: WebGlProgram, inputs: ReadonlyArray<TensorInfo>, whole?: number) => TensorInfo
  readonly give: (taken: TensorInfo) => void
}

interface InsideOfWebGl {
  readonly runWebGLProgram?: (
    program: object,
    inputs: TensorInfo[],
    dtype: 'float32',
    uniforms?: number[][],
  ) => TensorInfo
  readonly disposeIntermediateTensorInfo?: (tensor: TensorInfo) => void
}

export const webGlBackend = (backend: KernelBackend): WebGlBackend | undefined => {
  const { runWebGLProgram, disposeIntermediateTensorInfo } = backend as InsideOfWebGl
  if (!runWebGLProgram || !disposeIntermediateTensorInfo) return undefined
  return {
    run: ({ inputs, shape, code, whole }, given, value) => {
      const program = {
        variableNames: [...inputs],
        outputShape: [...shape],
        userCode: code,
        packedInputs: false,
        packedOutput: false,
        ...(whole !== undefined && { customUniforms: [{ name: whole, type: 'int' }] }),
      }
      return runWebGLProgram.call(backend, program, [...given], 'float32', value === undefined ? undefined : [[value]])
    },
    give: tensor => disposeIntermediateTensorInfo.call(backend, tensor),
  }
}

/** A program of groups of threads, in WGSL, which goes by its key. */
interface WebGpuProgram {
  readonly inputs: ReadonlyArray<string>
  readonly shape: ReadonlyArray<number>
  readonly key: string
  readonly code: string
  readonly group: number
  readonly groups: number
}

/** The backend of tfjs-backend-webgpu. */
export interface WebGpuBackend {
  readonly run: (program: WebGpuProgram, inputs: ReadonlyArray<TensorInfo>) => TensorInfo
}

interface InsideOfWebGpu {
  readonly runWebGPUProgram?: (program: object, inputs: TensorInfo[], dtype: 'float32') => TensorInfo
}

export const webGpuBackend = (backend: KernelBackend): WebGpuBackend | undefined => {
  const { runWebGPUProgram } = backend as InsideOfWebGpu
  if (!runWebGPUProgram) return undefined
  return {
    run: ({ inputs, shape, key, code, group, groups }, given) => {
      const program = {
        variableNames: [...inputs],
        outputShape: [...shape],
        shaderKey: `conjugate ${key}`,
        workgroupSize: [group, 1, 1],
        dispatch: [groups, 1, 1],
        dispatchLayout: { x: shape.map((_, axis) => axis) },
        getUserCode: () => code,
      }
      return runWebGPUProgram.call(backend, program, [...given], 'float32')
    },
  }
}
