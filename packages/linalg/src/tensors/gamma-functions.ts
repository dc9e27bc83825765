import { add, engine, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { digamma as digammaOf, logGamma as logGammaOf, trigamma as trigammaOf } from '../special.js'
import { ensureRegistered } from './host-kernel.js'

/** A function of every entry, whose derivative is another; `native` is the TensorFlow operation of the same function. */
const elementwise =
  (name: string, f: (x: number) => number, derivative: ((x: Tensor) => Tensor) | undefined, native?: string) =>
  (x: Tensor): Tensor => {
    ensureRegistered({
      name,
      inputs: ['x'],
      outputShape: ([shape]) => [...shape!],
      compute: ([values]) => Float64Array.from(values!, f),
      ...(native !== undefined && { native }),
      gradient: {
        inputsToSave: ['x'],
        gradFunc: (dy, saved) => ({
          x: () => {
            if (derivative === undefined) throw new Error(`${name} has no gradient`)
            return tidy(() => mul(dy as Tensor, derivative(saved[0]!)))
          },
        }),
      },
    })
    return engine().runKernel(name, { x }) as Tensor
  }

/** psi'(x) of every entry, the derivative of {@link digamma}; without a gradient of its own. */
export const trigamma: (x: Tensor) => Tensor = elementwise('ConjugateTrigamma', trigammaOf, undefined)

/** psi(x) of every entry, the derivative of {@link logGamma}; its gradient is {@link trigamma}. */
export const digamma: (x: Tensor) => Tensor = elementwise('ConjugateDigamma', digammaOf, trigamma, 'Digamma')

/** log |Gamma(x)| of every entry; its gradient is {@link digamma}. */
export const logGamma: (x: Tensor) => Tensor = elementwise('ConjugateLogGamma', logGammaOf, digamma, 'Lgamma')

/**
 * log Gamma_D(x) of every entry: D (D - 1)/4 log pi + sum_(j = 0)^(D - 1) log Gamma(x - j/2), for x > (D - 1)/2.
 * Source: Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 2.1.12.
 */
export const multivariateLogGamma =
  (dimension: number) =>
  (x: Tensor): Tensor =>
    tidy(() => {
      let sum: Tensor = logGamma(x)
      for (let j = 1; j < dimension; j++) sum = add(sum, logGamma(sub(x, j / 2)))
      return add(sum, 0.25 * dimension * (dimension - 1) * Math.log(Math.PI))
    })
