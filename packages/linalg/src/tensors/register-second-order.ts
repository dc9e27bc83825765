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
  | 'zeros'
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
 * sigmoid, tanh and softmax, and of comparisons, which max, min, clipByValue and logSumExp are made with. First derivatives stay as they
 * are. Left as they are: second derivatives of pow are wrong without an error, and logSoftmax, elu and prod have none.
 * It is for models that are made of operations of TensorFlow.js; those of this package need none of it.
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
  replace('Softmax', {
    inputsToSave: ['logits'],
    gradFunc: (dy, [logits], attributes) => ({
      logits: () => {
        const axis = (attributes as NamedAttrMap)['dim'] as number
        const p = tf.softmax(logits!, axis)
        return tf.mul(p, tf.sub(dy as Tensor, tf.sum(tf.mul(dy as Tensor, p), axis, true)))
      },
    }),
  })
  for (const [name, inputs] of comparisons)
    replace(name, {
      inputsToSave: inputs,
      gradFunc: (_, saved) => Object.fromEntries(inputs.map((key, i) => [key, () => tf.zeros(saved[i]!.shape)])),
    })
}
