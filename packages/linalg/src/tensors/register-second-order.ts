import type { GradConfig, NamedAttrMap, Tensor } from '@tensorflow/tfjs-core'

type Tf = Pick<
  typeof import('@tensorflow/tfjs-core'),
  | 'exp'
  | 'getGradient'
  | 'mul'
  | 'registerGradient'
  | 'sigmoid'
  | 'softmax'
  | 'square'
  | 'sub'
  | 'sum'
  | 'tanh'
  | 'unregisterGradient'
  | 'zerosLike'
>

const binary = ['a', 'b']

const comparisons: ReadonlyArray<readonly [name: string, inputs: string[]]> = [
  ...['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual'].map(name => [name, binary] as const),
  ['LogicalAnd', binary],
  ['LogicalOr', binary],
  ['LogicalNot', ['x']],
]

/**
 * Replaces gradients of TensorFlow.js itself, everywhere in the program, by such as can be differentiated again: those of exp,
 * sigmoid, tanh, softmax and logSoftmax, and of comparisons, which max, min and logSumExp are made with. First derivatives stay as
 * they are. Left as they are: at second order pow is wrong without an error, elu, clipByValue and prod throw. It is for
 * models that are made of operations of TensorFlow.js; those of this package need none of it.
 */
export const registerSecondOrder = (tf: Tf): void => {
  const replace = (kernelName: string, gradient: Omit<GradConfig, 'kernelName'>): void => {
    // Otherwise the registry warns.
    if (tf.getGradient(kernelName) !== undefined) tf.unregisterGradient(kernelName)
    tf.registerGradient({ kernelName, ...gradient })
  }
  const entrywise = (kernelName: string, slope: (x: Tensor) => Tensor): void =>
    replace(kernelName, {
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => tf.mul(dy as Tensor, slope(x!)) }),
    })
  entrywise('Exp', x => tf.exp(x))
  entrywise('Tanh', x => tf.sub(1, tf.square(tf.tanh(x))))
  entrywise('Sigmoid', x => {
    const y = tf.sigmoid(x)
    return tf.mul(y, tf.sub(1, y))
  })
  const ofLogits = (
    kernelName: string,
    attribute: string,
    gradient: (dy: Tensor, probabilities: Tensor, axis: number) => Tensor,
  ): void =>
    replace(kernelName, {
      inputsToSave: ['logits'],
      gradFunc: (dy, [logits], attributes) => ({
        logits: () => {
          const axis = (attributes as NamedAttrMap)[attribute] as number
          return gradient(dy as Tensor, tf.softmax(logits!, axis), axis)
        },
      }),
    })
  ofLogits('Softmax', 'dim', (dy, p, axis) => tf.mul(p, tf.sub(dy, tf.sum(tf.mul(dy, p), axis, true))))
  ofLogits('LogSoftmax', 'axis', (dy, p, axis) => tf.sub(dy, tf.mul(tf.sum(dy, axis, true), p)))
  for (const [name, inputs] of comparisons)
    replace(name, {
      inputsToSave: inputs,
      gradFunc: (_, saved) => Object.fromEntries(inputs.map((key, i) => [key, () => tf.zerosLike(saved[i]!)])),
    })
}
