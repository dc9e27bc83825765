import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import { gammaOperation } from './gamma-kernel.js'
import { logarithms } from './logarithms.generated.js'
import { sizeOf } from './shape.js'
import { real } from './shapes.js'
import { gammaOnWebGl } from './webgl.js'
import { gammaOnWebGpu } from './webgpu.js'

const gammaFunction = gammaOperation('ConjugateGammaFunction', {
  wasm: {
    text: logarithms,
    run: (kernels, [x], out, _, [shape], { order, dimension }) =>
      kernels.gammaFunction(order, dimension, x!, out, sizeOf(shape!)),
  },
  native: ({ run, real }, [x], _, { order, dimension }) => {
    const of = (y: number): number =>
      order < 0 ? run('Lgamma', [y]) : order === 0 ? run('Digamma', [y]) : run('Polygamma', [real(order), y])
    let sum = of(x!)
    for (let j = 1; j < dimension; j++) sum = run('AddV2', [sum, of(run('Sub', [x!, real(j, 2)]))])
    if (order < 0 && dimension > 1) {
      const logPi = run('Log', [run('Acos', [real(-1)])])
      sum = run('AddV2', [sum, run('Mul', [logPi, real(dimension * (dimension - 1), 4)])])
    }
    const isInside = run('Greater', [x!, real(dimension - 1, 2)])
    return run('SelectV2', [isInside, sum, run('RealDiv', [real(0), real(0)])])
  },
  webgl: gammaOnWebGl,
  webgpu: gammaOnWebGpu,
})

const isWhole = (n: number, least: number): boolean => Number.isInteger(n) && n >= least

const ofTensor =
  (name: string, order: number, dimension = 1) =>
  (x: Tensor): Tensor =>
    tidy(() => gammaFunction([real(name, x)], { order, dimension }))

/** Gives log Gamma(x) of every entry x > 0, and NaN for others. Its gradient is {@link digamma}. */
export const logGamma: (x: Tensor) => Tensor = ofTensor('logGamma', -1)

/** Gives psi(x), the derivative of {@link logGamma}, of every entry x > 0, and NaN for others. Its gradient is {@link trigamma}. */
export const digamma: (x: Tensor) => Tensor = ofTensor('digamma', 0)

/** Gives psi'(x), the derivative of {@link digamma}, of every entry x > 0, and NaN for others. */
export const trigamma: (x: Tensor) => Tensor = ofTensor('trigamma', 1)

/**
 * Gives the derivative of digamma of an order n = 0, 1, 2, ... of every entry x > 0, and NaN for others. Its gradient is that of
 * the order n + 1, so that it may be differentiated any number of times. Throws where n is not such a number.
 * Source: NIST Digital Library of Mathematical Functions, 5.15.
 */
export const polygamma = (n: number): ((x: Tensor) => Tensor) => {
  if (!isWhole(n, 0)) throw new Error(`polygamma: the order ${n}, expected 0, 1, 2, ...`)
  return ofTensor('polygamma', n)
}

const ofDimension = (name: string, order: number, dimension: number): ((x: Tensor) => Tensor) => {
  if (!isWhole(dimension, 1)) throw new Error(`${name}: ${dimension} dimensions, expected 1, 2, ...`)
  return ofTensor(name, order, dimension)
}

/**
 * Gives log Gamma_D(x) = D (D - 1)/4 log pi + sum_(j = 0)^(D - 1) log Gamma(x - j/2) of every entry x > (D - 1)/2, and NaN for
 * others. Its gradient is {@link multivariateDigamma}.
 * Source: Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 2.1.12.
 */
export const multivariateLogGamma = (dimension: number): ((x: Tensor) => Tensor) =>
  ofDimension('multivariateLogGamma', -1, dimension)

/** Gives the derivative of {@link multivariateLogGamma}, sum_(j = 0)^(D - 1) psi(x - j/2), of every entry, in the same way. */
export const multivariateDigamma = (dimension: number): ((x: Tensor) => Tensor) =>
  ofDimension('multivariateDigamma', 0, dimension)
