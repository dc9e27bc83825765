import {
  engine,
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

export type Shape = ReadonlyArray<number>

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
  /** On which GPU backends it is not to be had. */
  readonly refused?: ReadonlyArray<string>
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, n) => product * n, 1)

const gradientOf = <A extends NamedAttrMap>({ name, inputs, gradients }: Kernel<A>): GradConfig => ({
  kernelName: name,
  inputsToSave: [...inputs],
  gradFunc: (dy, saved, attributes) => {
    const made = gradients(dy as Tensor, saved, attributes as A)
    return Object.fromEntries(inputs.map((input, i) => [input, made[i]!]))
  },
})

const onHost =
  <A extends NamedAttrMap>({ inputs, shapeOf, compute }: Kernel<A>) =>
  (backend: KernelBackend, given: ReadonlyArray<TensorInfo>, attributes: A): TensorInfo => {
    const shapes = given.map(t => t.shape)
    const shape = [...shapeOf(shapes, attributes)]
    const output = new Float32Array(sizeOf(shape))
    if (output.length > 0)
      compute(
        inputs.map((_, i) => backend.readSync(given[i]!.dataId) as TypedArray),
        shapes,
        attributes,
        output,
      )
    return { dataId: backend.write(output, shape, 'float32'), shape, dtype: 'float32' }
  }

/** Why a backend cannot compute a kernel rightly, or nothing. */
const refusal = <A extends NamedAttrMap>({ refused }: Kernel<A>, backendName: string): string | undefined => {
  if (backendName === 'webgpu' || refused?.includes(backendName)) return 'has no kernel there'
  if (engine().backend.floatPrecision() < 32) return 'needs float32, of which the backend has not all digits'
  return undefined
}

export type Operation<A extends NamedAttrMap> = (inputs: ReadonlyArray<Tensor>, attributes: A) => Tensor

/**
 * Makes an operation of a kernel. It is registered for whatever backend is active when it is first called, so that importing
 * it changes nothing.
 */
export const operation =
  <A extends NamedAttrMap>(kernel: Kernel<A>): Operation<A> =>
  (inputs, attributes) => {
    const { name } = kernel
    // Starts a backend where none is active yet.
    const { backend } = engine()
    const backendName = getBackend()
    if (!getKernel(name, backendName)) {
      const why = refusal(kernel, backendName)
      if (why !== undefined) throw new Error(`${name} on the backend ${backendName} of TensorFlow.js: it ${why}`)
      const compute = onHost(kernel)
      registerKernel({
        kernelName: name,
        backendName,
        kernelFunc: ({ inputs: given, attrs }) =>
          compute(
            backend,
            kernel.inputs.map(key => given[key]!),
            attrs as A,
          ),
      })
    }
    if (!getGradient(name)) registerGradient(gradientOf(kernel))
    return engine().runKernel(
      name,
      Object.fromEntries(kernel.inputs.map((key, i) => [key, inputs[i]!])),
      attributes,
    ) as Tensor
  }
