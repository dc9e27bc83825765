import { mul, tidy } from '@tensorflow/tfjs-core'
import { gammaFunctionOf } from '../gamma.js'
import { type Kernel, type Operation, operation } from './kernel.js'

/** An order of -1 is log Gamma, and those from 0 on are polygamma functions. */
export type GammaAttributes = { readonly order: number; readonly dimension: number }

type Ways = 'wasm' | 'native' | 'webgl' | 'webgpu'

/** The gamma functions, in the calling thread or in other ways besides. */
export const gammaOperation = (
  name: string,
  ways: Pick<Kernel<GammaAttributes>, Ways> = {},
): Operation<GammaAttributes> => {
  const gammaFunction: Operation<GammaAttributes> = operation({
    name,
    inputs: ['x'],
    shapeOf: ([x]) => x!,
    compute: ([x], _, { order, dimension }, output) => {
      for (let i = 0; i < output.length; i++) output[i] = gammaFunctionOf(order, dimension, x![i]!)
    },
    ...ways,
    gradients: (dy, [x], { order, dimension }) => [
      () => tidy(() => mul(dy, gammaFunction([x!], { order: order + 1, dimension }))),
    ],
  })
  return gammaFunction
}
