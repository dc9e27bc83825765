import {
  type GradConfig,
  getBackend,
  getGradient,
  getKernel,
  type KernelBackend,
  registerGradient,
  registerKernel,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core'

/** A kernel that TensorFlow.js lacks, computed in float64 in the calling thread; by TensorFlow itself where it has the same. */
interface HostKernel {
  readonly name: string
  readonly outputShape: (shapes: ReadonlyArray<ReadonlyArray<number>>) => number[]
  readonly compute: (values: ReadonlyArray<TypedArray>, shapes: ReadonlyArray<ReadonlyArray<number>>) => Float64Array
  readonly inputs: ReadonlyArray<string>
  readonly gradient: Omit<GradConfig, 'kernelName'>
  /** The TensorFlow operation of one float32 input that computes the same, for the backend of tfjs-node. */
  readonly native?: string
}

/** What the backend of tfjs-node can do besides. */
interface NativeBackend {
  readonly executeSingleOutput?: (
    op: string,
    attributes: ReadonlyArray<object>,
    inputs: ReadonlyArray<TensorInfo>,
  ) => TensorInfo
}

/** DT_FLOAT, and the kind of an attribute that is a type, in the C interface of TensorFlow. */
const FLOAT = { name: 'T', type: 4, value: 1 }

/** Registers a kernel for the backend that is active now, unless it is there; importing the package registers nothing. */
export const ensureRegistered = ({ name, inputs, outputShape, compute, gradient, native }: HostKernel): void => {
  const backendName = getBackend()
  if (!getGradient(name)) registerGradient({ kernelName: name, ...gradient })
  if (getKernel(name, backendName)) return
  registerKernel({
    kernelName: name,
    backendName,
    kernelFunc: ({ inputs: given, backend }): TensorInfo => {
      const host = backend as KernelBackend
      const tensors = inputs.map(key => given[key] as TensorInfo)
      const { executeSingleOutput } = backend as NativeBackend
      if (native !== undefined && executeSingleOutput !== undefined && tensors[0]!.dtype === 'float32')
        return executeSingleOutput.call(backend, native, [FLOAT], tensors)
      const shapes = tensors.map(t => t.shape)
      const values = tensors.map(t => host.readSync(t.dataId) as TypedArray)
      const shape = outputShape(shapes)
      const dataId = host.write(Float32Array.from(compute(values, shapes)), shape, 'float32')
      return { dataId, shape, dtype: 'float32' }
    },
  })
}
