import type { Tensor } from '@tensorflow/tfjs-core'
import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError } from '../contract/executor.js'

export type Tf = typeof import('@tensorflow/tfjs-core')

/** The backends of TensorFlow.js that compute on a GPU. */
export type GpuName = 'webgl' | 'webgpu'

/** A GPU by way of TensorFlow.js. */
export interface Gpu {
  readonly name: GpuName
  /** Runs a computation there, whatever backend is active otherwise. All its tensors but the result are disposed of. */
  readonly compute: (run: (tf: Tf) => Tensor) => Tensor
}

const unavailable = (backend: GpuName, reason: string, hint: string): E.Either<ExecutorError, never> =>
  E.left({ _tag: 'BackendUnavailable', backend, reason, hint })

const elsewhere = "elsewhere choose the backend 'wasm'"

/** TensorFlow.js with a backend registered. In a `try` of its own, by which bundlers see that the packages may be missing. */
const importTf = async (name: GpuName): Promise<E.Either<unknown, Tf>> => {
  try {
    const tf = await import('@tensorflow/tfjs-core')
    if (name === 'webgl') await import('@tensorflow/tfjs-backend-webgl')
    else await import('@tensorflow/tfjs-backend-webgpu')
    return E.right(tf)
  } catch (error) {
    return E.left(error)
  }
}

const computeOn =
  (tf: Tf, name: GpuName): Gpu['compute'] =>
  run => {
    const active = tf.getBackend()
    if (active === name) return tf.tidy(() => run(tf))
    // Between backends that are initialised the switch itself is synchronous, and so is the computation.
    void tf.setBackend(name)
    try {
      return tf.tidy(() => run(tf))
    } finally {
      void tf.setBackend(active)
    }
  }

/** Some GPUs of telephones store 16 bits. What TensorFlow.js says of the precision of webgl is wrong, so it is measured. */
const keepsFloat32 = async (compute: Gpu['compute']): Promise<boolean> => {
  const beyond16Bits = 1 + 2 ** -20
  // Long enough that TensorFlow.js doesn't compute it on the host.
  const sum = compute(tf => tf.add(tf.tensor(new Float32Array(1024).fill(1)), 2 ** -20))
  const values = await sum.data().finally(() => sum.dispose())
  return values.every(value => value === beyond16Bits)
}

/** Initialises a backend, and makes the one that was active before active again. */
const initialise = async (tf: Tf, name: GpuName): Promise<E.Either<string, Gpu>> => {
  const active = tf.getBackend()
  try {
    if (!(await tf.setBackend(name))) return E.left('it does not initialise')
    const compute = computeOn(tf, name)
    return (await keepsFloat32(compute)) ? E.right({ name, compute }) : E.left('this GPU computes in 16 bits only')
  } catch (error) {
    return E.left(E.toError(error).message)
  } finally {
    if (active && active !== name) await tf.setBackend(active)
  }
}

/** Loads the packages, which are optional peers, and initialises the backend. */
export const loadGpu = async (name: GpuName): Promise<E.Either<ExecutorError, Gpu>> => {
  const imported = await importTf(name)
  if (E.isLeft(imported))
    return unavailable(
      name,
      `@tensorflow/tfjs-core or @tensorflow/tfjs-backend-${name} does not load`,
      `install both, for a browser; ${elsewhere}`,
    )
  const tf = imported.right
  if (!tf.findBackendFactory(name))
    return unavailable(name, `this host has no ${name}`, `use it in a browser that has; ${elsewhere}`)
  const gpu = await initialise(tf, name)
  return E.isRight(gpu) ? gpu : unavailable(name, gpu.left, elsewhere)
}
