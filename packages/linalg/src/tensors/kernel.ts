import {
  engine,
  env,
  type GradConfig,
  getBackend,
  getGradient,
  getKernel,
  type KernelBackend,
  type NamedAttrMap,
  registerGradient,
  registerKernel,
  type Tensor,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core'
import {
  nativeBackend,
  type WebGlBackend,
  type WebGpuBackend,
  wasmBackend,
  webGlBackend,
  webGpuBackend,
} from './internals.js'
import { type Doubles, inDoubles } from './native.js'
import { type Shape, sizeOf } from './shape.js'
import { inWasm, kernelsOf, type WasmKernels, type WasmText } from './wasm.js'

/** A kernel that TensorFlow.js lacks, of one output of float32. */
export interface Kernel<A extends NamedAttrMap> {
  readonly name: string
  /** The names of the inputs, which gradients are told by. All are saved for the gradient. */
  readonly inputs: ReadonlyArray<string>
  readonly shapeOf: (shapes: ReadonlyArray<Shape>, attributes: A) => Shape
  /** In the calling thread, in float64: leaves the result in `output`. */
  readonly compute: (
    values: ReadonlyArray<TypedArray>,
    shapes: ReadonlyArray<Shape>,
    attributes: A,
    output: Float32Array,
  ) => void
  /**
   * The gradients of the inputs, made of operations that can be differentiated again. Outputs are computed anew from the
   * inputs: TensorFlow.js loses what a saved output has to do with them, which makes second derivatives wrong without an error.
   */
  readonly gradients: (dy: Tensor, inputs: ReadonlyArray<Tensor>, attributes: A) => ReadonlyArray<() => Tensor>
  /** Over the memory of tfjs-backend-wasm, with as many numbers of float64 beside. */
  readonly wasm?: {
    readonly text: WasmText
    readonly scratch?: (shapes: ReadonlyArray<Shape>) => number
    readonly run: (
      kernels: WasmKernels,
      inputs: ReadonlyArray<number>,
      out: number,
      scratch: number,
      shapes: ReadonlyArray<Shape>,
      attributes: A,
    ) => void
  }
  /** By operations of TensorFlow in float64. Where one of them fails, as for NaN, the kernel is computed in the calling thread. */
  readonly native?: (
    doubles: Doubles,
    inputs: ReadonlyArray<number>,
    shapes: ReadonlyArray<Shape>,
    attributes: A,
  ) => number
  /** Where operations of TensorFlow take longer than the calling thread, which then computes it, too. */
  readonly isLess?: (shapes: ReadonlyArray<Shape>) => boolean
  /** By programs of GPUs in float32. There is no other way on GPUs but {@link composed}. */
  readonly webgl?: (gl: WebGlBackend, inputs: ReadonlyArray<TensorInfo>, attributes: A) => TensorInfo
  readonly webgpu?: (gpu: WebGpuBackend, inputs: ReadonlyArray<TensorInfo>, attributes: A) => TensorInfo
  /** On GPUs, by other operations. */
  readonly composed?: (inputs: ReadonlyArray<Tensor>) => Tensor
}

const gradientOf = <A extends NamedAttrMap>({ name, inputs, gradients }: Kernel<A>): GradConfig => ({
  kernelName: name,
  inputsToSave: [...inputs],
  gradFunc: (dy, saved, attributes) => {
    const made = gradients(dy as Tensor, saved, attributes as A)
    return Object.fromEntries(inputs.map((input, i) => [input, made[i]!]))
  },
})

type Compute<A> = (inputs: ReadonlyArray<TensorInfo>, shape: Shape, attributes: A) => TensorInfo

const shapesOf = (inputs: ReadonlyArray<TensorInfo>): ReadonlyArray<Shape> => inputs.map(t => t.shape)

/** By what TensorFlow.js promises of every backend. */
const onHost =
  <A extends NamedAttrMap>({ compute }: Kernel<A>, backend: KernelBackend): Compute<A> =>
  (inputs, shape, attributes) => {
    const output = new Float32Array(sizeOf(shape))
    const values = inputs.map(({ dataId }) => backend.readSync(dataId) as TypedArray)
    if (output.length > 0) compute(values, shapesOf(inputs), attributes, output)
    return { dataId: backend.write(output, [...shape], 'float32'), shape: [...shape], dtype: 'float32' }
  }

const onWasm = <A extends NamedAttrMap>({ wasm }: Kernel<A>, backend: KernelBackend): Compute<A> | undefined => {
  const inside = wasmBackend(backend)
  const kernels = wasm && inside && kernelsOf(inside.memory, wasm.text)
  return kernels === undefined
    ? undefined
    : (inputs, shape, attributes) => {
        const shapes = shapesOf(inputs)
        return inWasm(inside!, kernels, inputs, shape, wasm!.scratch?.(shapes) ?? 0, (...call) =>
          wasm!.run(...call, shapes, attributes),
        )
      }
}

const onNative = <A extends NamedAttrMap>(kernel: Kernel<A>, backend: KernelBackend): Compute<A> | undefined => {
  const inside = nativeBackend(backend)
  const { native, isLess } = kernel
  const host = onHost(kernel, backend)
  return native && inside
    ? (inputs, shape, attributes) => {
        const shapes = shapesOf(inputs)
        if (isLess?.(shapes)) return host(inputs, shape, attributes)
        try {
          return inDoubles(inside, inputs, (doubles, ids) => native(doubles, ids, shapes, attributes))
        } catch {
          return host(inputs, shape, attributes)
        }
      }
    : undefined
}

const onWebGl = <A extends NamedAttrMap>({ webgl }: Kernel<A>, backend: KernelBackend): Compute<A> | undefined => {
  const inside = webGlBackend(backend)
  return webgl && inside ? (inputs, _, attributes) => webgl(inside, inputs, attributes) : undefined
}

const onWebGpu = <A extends NamedAttrMap>({ webgpu }: Kernel<A>, backend: KernelBackend): Compute<A> | undefined => {
  const inside = webGpuBackend(backend)
  return webgpu && inside ? (inputs, _, attributes) => webgpu(inside, inputs, attributes) : undefined
}

/** Throws where nothing right can be computed: values that GPUs read and write are late, or wrong, so that there is no other way. */
const computeOn = <A extends NamedAttrMap>(kernel: Kernel<A>, name: string, backend: KernelBackend): Compute<A> => {
  const { composed } = kernel
  const host = onHost(kernel, backend)
  const isGpu = name === 'webgl' || name === 'webgpu'
  const refuse = (why: string): never => {
    throw new Error(`${kernel.name} on the backend ${name} of TensorFlow.js: ${why}`)
  }
  // What the backend says of its precision is wrong.
  if (name === 'webgl' && !env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) refuse('this GPU renders no float32')
  const own =
    name === 'wasm'
      ? onWasm(kernel, backend)
      : name === 'tensorflow'
        ? onNative(kernel, backend)
        : isGpu && composed
          ? (inputs: ReadonlyArray<TensorInfo>) => composed(inputs as ReadonlyArray<Tensor>)
          : name === 'webgl'
            ? onWebGl(kernel, backend)
            : name === 'webgpu'
              ? onWebGpu(kernel, backend)
              : undefined
  if (own === undefined) return isGpu ? refuse('there is no kernel for it; cpu, wasm and tensorflow have one') : host
  // Nothing to compute is nothing to run.
  return (inputs, shape, attributes) => (sizeOf(shape) === 0 ? host : own)(inputs, shape, attributes)
}

export type Operation<A extends NamedAttrMap> = (inputs: ReadonlyArray<Tensor>, attributes: A) => Tensor

/**
 * Makes an operation of a kernel. It is registered for whatever backend is active when it is first called, so that importing
 * it changes nothing.
 */
export const operation = <A extends NamedAttrMap>(kernel: Kernel<A>): Operation<A> => {
  const { name } = kernel
  // A backend of one name may be another one later.
  const known = new WeakMap<KernelBackend, Compute<A>>()
  const computeWith = (backendName: string, backend: KernelBackend): Compute<A> => {
    const compute = known.get(backend) ?? computeOn(kernel, backendName, backend)
    known.set(backend, compute)
    return compute
  }
  return (inputs, attributes) => {
    // Starts a backend where none is active yet.
    engine().backend
    const backendName = getBackend()
    if (!getKernel(name, backendName))
      registerKernel({
        kernelName: name,
        backendName,
        kernelFunc: ({ inputs: given, attrs, backend }) => {
          const ordered = kernel.inputs.map(key => given[key]!)
          const attributes = attrs as A
          const shape = kernel.shapeOf(shapesOf(ordered), attributes)
          return computeWith(backendName, backend as KernelBackend)(ordered, shape, attributes)
        },
      })
    if (!getGradient(name)) registerGradient(gradientOf(kernel))
    const named = Object.fromEntries(kernel.inputs.map((key, i) => [key, inputs[i]!]))
    return engine().runKernel(name, named, attributes) as Tensor
  }
}
