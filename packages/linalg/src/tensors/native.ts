import type { TensorInfo } from '@tensorflow/tfjs-core'
import { NATIVE, type NativeAttribute, type NativeBackend } from './internals.js'

/** Operations of TensorFlow on float64, whose tensors go by numbers and are forgotten when a kernel ends. */
export interface Doubles {
  /** The first output of an operation, of the type T of its inputs. */
  readonly run: (operation: string, inputs: ReadonlyArray<number>, ...attributes: NativeAttribute[]) => number
  readonly outputs: (
    count: number,
    operation: string,
    inputs: ReadonlyArray<number>,
    ...attributes: NativeAttribute[]
  ) => ReadonlyArray<number>
  /** Whole numbers of int32. */
  readonly whole: (numbers: ReadonlyArray<number>, shape?: ReadonlyArray<number>) => number
  /** A number of float64, by a fraction. */
  readonly real: (numerator: number, denominator?: number) => number
}

export const flag = (name: string, value: boolean): NativeAttribute => ({ name, type: NATIVE.BOOL, value })

const type = (name: string, value: number): NativeAttribute => ({ name, type: NATIVE.TYPE, value })

/** The type of indices. */
export const index = (name: string): NativeAttribute => type(name, NATIVE.INT32)

const castTo = (from: number, to: number): NativeAttribute[] => [
  type('SrcT', from),
  type('DstT', to),
  flag('Truncate', false),
]

/** Computes in float64 what is float32 before and after, within TensorFlow. */
export const inDoubles = (
  backend: NativeBackend,
  inputs: ReadonlyArray<TensorInfo>,
  compute: (doubles: Doubles, inputs: ReadonlyArray<number>) => number,
): TensorInfo => {
  const own: number[] = []
  const keep = (id: number): number => {
    own.push(id)
    return id
  }
  const outputs: Doubles['outputs'] = (count, operation, ids, ...attributes) =>
    backend.run(operation, [type('T', NATIVE.DOUBLE), ...attributes], ids, count).map(({ id }) => keep(id))
  const toDouble = (id: number, from: number): number =>
    keep(backend.run('Cast', castTo(from, NATIVE.DOUBLE), [id], 1)[0]!.id)
  const run: Doubles['run'] = (...call) => outputs(1, ...call)[0]!
  const whole: Doubles['whole'] = (numbers, shape = [numbers.length]) => keep(backend.whole(numbers, shape))
  const constant = (n: number): number => toDouble(whole([n], []), NATIVE.INT32)
  const real: Doubles['real'] = (numerator, denominator = 1) =>
    denominator === 1 ? constant(numerator) : run('RealDiv', [constant(numerator), constant(denominator)])
  try {
    const result = compute(
      { run, outputs, whole, real },
      inputs.map(x => toDouble(backend.idOf(x), NATIVE.FLOAT)),
    )
    return backend.publish(backend.run('Cast', castTo(NATIVE.DOUBLE, NATIVE.FLOAT), [result], 1)[0]!)
  } finally {
    own.forEach(backend.forget)
  }
}
