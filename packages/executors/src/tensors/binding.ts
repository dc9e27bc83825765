import * as E from 'fp-ts/lib/Either.js'
import type { ExecutorError } from '../contract/executor.js'

/** A tensor that lives in TensorFlow until it is deleted. */
export type TensorId = number

/** An attribute of an operation; `type` says how `value` is read, by the enumeration `TF_AttrType`. */
export interface Attribute {
  readonly name: string
  readonly type: number
  readonly value: boolean | number
}

/** What the executor uses of the native addon of @tensorflow/tfjs-node. */
export interface Binding {
  readonly TF_Version: string
  readonly TF_ATTR_TYPE: number
  readonly TF_ATTR_BOOL: number
  readonly TF_INT32: number
  readonly TF_INT64: number
  /** Takes the elements of an int64 tensor as pairs of int32. The tensor shares the memory of the array. */
  readonly createTensor: (shape: ReadonlyArray<number>, dtype: number, values: Int32Array) => TensorId
  readonly deleteTensor: (id: TensorId) => void
  /** Gives the elements of an int64 tensor as a BigInt64Array. */
  readonly tensorDataSync: (id: TensorId) => ArrayBufferView
  readonly executeOp: (
    name: string,
    attributes: ReadonlyArray<Attribute>,
    inputs: ReadonlyArray<TensorId>,
    outputs: number,
  ) => ReadonlyArray<{ readonly id: TensorId }>
}

/** The part of the package's interface through which it gives its addon. */
interface TfjsNode {
  readonly findBackend: (name: string) => { readonly binding?: Binding } | null
}

const unavailable = (reason: string): E.Either<ExecutorError, never> =>
  E.left({
    _tag: 'BackendUnavailable',
    backend: 'tensorflow',
    reason,
    hint:
      'install @tensorflow/tfjs-node and its native addon (npm rebuild @tensorflow/tfjs-node --build-addon-from-source);' +
      ' in a clone of conjugate: pnpm native',
  })

const reasonOf = (error: unknown): string => {
  const { code, message = String(error) } = error as { readonly code?: string; readonly message?: string }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') return '@tensorflow/tfjs-node is not installed'
  if (message.includes('native addon')) return 'the native addon of @tensorflow/tfjs-node is not installed'
  return `@tensorflow/tfjs-node does not load: ${message.split('\n', 1)[0]}`
}

/** Silences TensorFlow's greeting, which it prints while it loads, unless the user has a say on logging. */
const quietly = async <A>(load: () => Promise<A>): Promise<A> => {
  // The compiler knows no `process`, and a browser has none.
  const env = (globalThis as { readonly process?: { readonly env: Record<string, string | undefined> } }).process?.env
  if (!env || env['TF_CPP_MIN_LOG_LEVEL'] !== undefined) return load()
  env['TF_CPP_MIN_LOG_LEVEL'] = '1'
  try {
    return await load()
  } finally {
    delete env['TF_CPP_MIN_LOG_LEVEL']
  }
}

// Not a literal, so that neither a bundler nor the compiler looks for a package that is optional.
const specifier: string = '@tensorflow/tfjs-node'

export const loadBinding = async (): Promise<E.Either<ExecutorError, Binding>> => {
  try {
    const { default: tf } = (await quietly(() => import(specifier))) as { readonly default: TfjsNode }
    const binding = tf.findBackend('tensorflow')?.binding
    return binding ? E.right(binding) : unavailable('@tensorflow/tfjs-node has no native addon')
  } catch (error) {
    return unavailable(reasonOf(error))
  }
}
