import { add, div, log, log1p, mul, neg, sub, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { regularizedBeta as regularizedBetaOf } from '../incomplete-beta.js'
import { regularizedGamma as regularizedGammaOf } from '../incomplete-gamma.js'
import { logGammaWeight } from '../special.js'
import type { Tail } from '../tail.js'
import { gammaOperation } from './gamma-kernel.js'
import { type Kernel, type Operation, operation } from './kernel.js'
import type { Shape } from './shape.js'
import { broadcast } from './shapes.js'

type Numbers = ReadonlyArray<number>

/** A distribution on numbers whose cumulative probability is an incomplete function: numbers are parameters, then x. */
interface Cumulative {
  readonly name: string
  readonly inputs: ReadonlyArray<string>
  readonly isValid: (numbers: Numbers) => boolean
  readonly share: (numbers: Numbers, tail: Tail) => number
  readonly density: (numbers: Numbers) => number
  /** The slopes of the log density, by input. */
  readonly slopes: (inputs: ReadonlyArray<Tensor>) => ReadonlyArray<() => Tensor>
}

/**
 * The slope of a function in one of its parameters, by differences of the fourth order in float64. A step is a hundredth of what a
 * parameter has to change by for another distribution, so that what is left out is beyond float32.
 */
const slopeIn = (i: number, f: (numbers: Numbers) => number, numbers: Numbers): number => {
  const at = numbers[i]!
  const step = (0.01 * at) / (1 + Math.sqrt(at))
  const moved = (by: number): number => f(numbers.map((v, j) => (j === i ? v + by * step : v)))
  return (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
}

const elementwise = (
  inputs: number,
  output: Float32Array,
  values: ReadonlyArray<ArrayLike<number>>,
  of: Cumulative,
  f: (numbers: Numbers) => number,
): void => {
  const numbers = new Array<number>(inputs).fill(0)
  for (let n = 0; n < output.length; n++) {
    for (let i = 0; i < inputs; i++) numbers[i] = values[i]![n]!
    output[n] = of.isValid(numbers) ? f(numbers) : Number.NaN
  }
}

type OfTail = { readonly tail: Tail }

/** The operation of three kernels: the share of a tail, its slope in a parameter, and the density, which is its slope in x. */
const incomplete = (of: Cumulative): Operation<OfTail> => {
  const { name, inputs, share, density, slopes } = of
  const shapeOf = ([first]: ReadonlyArray<Shape>): Shape => first!
  const count = inputs.length
  const densities: Operation<Record<never, never>> = operation({
    name: `${name}Density`,
    inputs,
    shapeOf,
    compute: (values, _, __, output) => elementwise(count, output, values, of, density),
    gradients: (dy, xs) => slopes(xs).map(slope => () => tidy(() => mul(dy, mul(densities(xs, {}), slope())))),
  })
  const ofParameter = operation<OfTail & { readonly parameter: number }>({
    name: `${name}Slope`,
    inputs,
    shapeOf,
    compute: (values, _, { tail, parameter }, output) =>
      elementwise(count, output, values, of, numbers => slopeIn(parameter, v => share(v, tail), numbers)),
    gradients: () =>
      inputs.map(() => () => {
        throw new Error(`${name}: second derivatives by its parameters are not to be had`)
      }),
  })
  const kernel: Kernel<OfTail> = {
    name,
    inputs,
    shapeOf,
    compute: (values, _, { tail }, output) => elementwise(count, output, values, of, numbers => share(numbers, tail)),
    gradients: (dy, xs, { tail }) =>
      inputs.map(
        (_, i) => () =>
          tidy(() => {
            if (i < count - 1) return mul(dy, ofParameter(xs, { tail, parameter: i }))
            const slope = mul(dy, densities(xs, {}))
            return tail === 'lower' ? slope : neg(slope)
          }),
      ),
  }
  return operation(kernel)
}

const gammaFunction = gammaOperation('ConjugateGammaFunctionBeside')

/** In the calling thread, as all that is here, so that a page has no kernels for it. */
const digamma = (x: Tensor): Tensor => gammaFunction([x], { order: 0, dimension: 1 })

const ofGamma = incomplete({
  name: 'ConjugateRegularizedGamma',
  inputs: ['a', 'x'],
  isValid: ([a, x]) => a! > 0 && x! >= 0,
  share: ([a, x], tail) => regularizedGammaOf(a!, x!, tail),
  density: ([a, x]) =>
    x! > 0 ? Math.exp(logGammaWeight(a!)(x!)) / x! : a === 1 ? 1 : a! < 1 ? Number.POSITIVE_INFINITY : 0,
  slopes: ([a, x]) => [() => sub(log(x!), digamma(a!)), () => sub(div(sub(a!, 1), x!), 1)],
})

/** The log density of a beta has the slope (a - 1)/x in log x, and as much in that of 1 - x. */
const betaDensity = ([a, b, x]: Numbers): number => {
  const [y, total] = [1 - x!, a! + b!]
  if (x! > 0 && y > 0)
    return (
      Math.exp(logGammaWeight(a!)(total * x!) + logGammaWeight(b!)(total * y) - logGammaWeight(total)(total)) / x! / y
    )
  const edge = x! > 0 ? b! : a!
  return edge > 1 ? 0 : edge < 1 ? Number.POSITIVE_INFINITY : x! > 0 ? a! : b!
}

const ofBeta = incomplete({
  name: 'ConjugateRegularizedBeta',
  inputs: ['a', 'b', 'x'],
  isValid: ([a, b, x]) => a! > 0 && b! > 0 && x! >= 0 && x! <= 1,
  share: ([a, b, x], tail) => regularizedBetaOf(a!, b!, x!, 1 - x!, tail),
  density: betaDensity,
  slopes: ([a, b, x]) => [
    () => add(log(x!), sub(digamma(add(a!, b!)), digamma(a!))),
    () => add(log1p(neg(x!)), sub(digamma(add(a!, b!)), digamma(b!))),
    () => sub(div(sub(a!, 1), x!), div(sub(b!, 1), sub(1, x!))),
  ],
})

/**
 * Gives the regularised incomplete gamma function P(a, x) (lower) or Q(a, x) (upper) of every entry, for a > 0 and x >= 0 of shapes
 * that broadcast, each to its own digits, and NaN for others. Gradients are those in a and in x, of which that in x may be
 * differentiated again. Throws on GPUs.
 * Source: NIST DLMF, 8.2.4.
 */
export const regularizedGamma = (a: Tensor, x: Tensor, tail: Tail = 'lower'): Tensor =>
  tidy(() => ofGamma(broadcast('regularizedGamma', [a, x]), { tail }))

/**
 * Gives the regularised incomplete beta function I_x(a, b) (lower) or 1 - I_x(a, b) (upper) of every entry, for a, b > 0 and x from
 * 0 to 1 of shapes that broadcast, and NaN for others. Gradients are those in a, b and x, of which that in x may be
 * differentiated again. Throws on GPUs.
 * Source: NIST DLMF, 8.17.2.
 */
export const regularizedBeta = (a: Tensor, b: Tensor, x: Tensor, tail: Tail = 'lower'): Tensor =>
  tidy(() => ofBeta(broadcast('regularizedBeta', [a, b, x]), { tail }))
