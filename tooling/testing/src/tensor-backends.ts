import * as tf from '@tensorflow/tfjs-core'

/** A TensorFlow.js backend for suites of tensors: its name, and what makes it the active one. */
export type TensorBackend = readonly [name: string, activate: () => Promise<unknown>]

const activate = (name: string) => async () => {
  if (!(await tf.setBackend(name))) throw new Error(`the backend ${name} does not start`)
  await tf.ready()
}

/** The native backend is optional on a user's machine, but CI has to have it. */
const native = async (): Promise<ReadonlyArray<TensorBackend>> => {
  try {
    await import('@tensorflow/tfjs-node')
    return [['tensorflow', activate('tensorflow')]]
  } catch (error) {
    if (process.env['CONJUGATE_REQUIRE_TENSORFLOW']) throw error
    console.warn('Skipped: tensor suites on tensorflow, which is not set up here (pnpm native).')
    return []
  }
}

await import('@tensorflow/tfjs-backend-cpu')
await import('@tensorflow/tfjs-backend-wasm')

export const tensorBackends: ReadonlyArray<TensorBackend> = [
  ['cpu', activate('cpu')],
  ['wasm', activate('wasm')],
  ...(await native()),
]
