import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import '@tensorflow/tfjs-core/dist/register_all_gradients.js'
import { ask, type Question } from '../../../packages/distributions/test/tensors/questions.js'

const host = {
  use: async (backend: string) => {
    // Programs of WebGL that read shapes instead of being compiled anew for each.
    tf.env().set('WEBGL_USE_SHAPES_UNIFORMS', true)
    return (await tf.setBackend(backend)) && tf.getBackend()
  },
  ask: (question: Question) => ask(question),
}

declare global {
  var familyHost: typeof host
}

globalThis.familyHost = host
