// What the laws ask of families on tensors, as numbers in and numbers out: they are asked here, or in the page of a browser.
import type {
  ExponentialForm,
  TensorDistribution,
  WithDivergences,
  WithEntropy,
} from '@conjugate/distributions/tensors'
import * as tf from '@tensorflow/tfjs-core'
import { type FamilyName, families } from './families.js'

/** The one part of a value that is a tensor has the name ''. */
export type Value = tf.Tensor | Readonly<Record<string, tf.Tensor>>
type Parts = Readonly<Record<string, tf.Tensor>>

/** A family whose parameters and values are records of whatever they are. */
export type AnyFamily<L = never> = TensorDistribution<Parts, Value, L, boolean, Value> &
  Partial<WithEntropy<Parts>> &
  Partial<WithDivergences<Parts>> &
  Partial<ExponentialForm<Parts, Value>>

/** A tensor as numbers. */
export interface Values {
  readonly values: ReadonlyArray<number>
  readonly shape: ReadonlyArray<number>
}

/** The tensors that are given, by the names of their parts: parameters p and q, a value x, natural parameters eta. */
export type Given = Readonly<Partial<Record<'p' | 'q' | 'x' | 'eta', Readonly<Record<string, Values>>>>>
type Role = keyof Given

type Arguments = Readonly<Record<Role, Value>>

const functions = {
  logProb: (f: AnyFamily, { p, x }: Arguments) => f.logProb(p as Parts)(x),
  mean: (f: AnyFamily, { p }: Arguments) => f.mean(p as Parts),
  variance: (f: AnyFamily, { p }: Arguments) => f.variance(p as Parts),
  entropy: (f: AnyFamily, { p }: Arguments) => f.entropy!(p as Parts),
  klDivergence: (f: AnyFamily, { p, q }: Arguments) => f.klDivergence!(p as Parts)(q as Parts),
  natural: (f: AnyFamily, { p }: Arguments) => f.natural!(p as Parts),
  fromNatural: (f: AnyFamily, { eta }: Arguments) => f.fromNatural!(eta as tf.Tensor),
  expectedStatistic: (f: AnyFamily, { p }: Arguments) => f.expectedStatistic!(p as Parts),
  logNormaliser: (f: AnyFamily, { p }: Arguments) => f.logNormaliser!(p as Parts),
  logNormaliserOfNatural: (f: AnyFamily, { eta }: Arguments) =>
    tf.tidy(() => f.logNormaliser!(f.fromNatural!(eta as tf.Tensor))),
  statistic: (f: AnyFamily, { x }: Arguments) => f.statistic!(x),
  logBaseMeasure: (f: AnyFamily, { x }: Arguments) => f.logBaseMeasure!(x),
  sample: (f: AnyFamily, { p }: Arguments, shape: ReadonlyArray<number>, seed: number) =>
    f.sample(p as Parts)(shape, seed),
} satisfies Record<string, (f: AnyFamily, given: Arguments, shape: ReadonlyArray<number>, seed: number) => Value>

export interface Question {
  readonly family: FamilyName
  readonly what: keyof typeof functions
  readonly given: Given
  /** What the gradient of the sum of all results is wanted in. */
  readonly slopes?: ReadonlyArray<Role>
  /** Of draws: their shape and seed. */
  readonly shape?: ReadonlyArray<number>
  readonly seed?: number
}

export interface Answer {
  /** Parts of the result one after another, by their names. */
  readonly parts: Readonly<Record<string, Values>>
  readonly slopes: Readonly<Partial<Record<Role, Readonly<Record<string, ReadonlyArray<number>>>>>>
  /** How many tensors more there are than before. */
  readonly left: number
}

export type Ask = (question: Question) => Promise<Answer>

export const partsOf = (x: Value): Parts => (x instanceof tf.Tensor ? { '': x } : x)
export const wholeOf = (parts: Parts): Value => parts[''] ?? parts

/** Answers by the backend of TensorFlow.js that is active here. */
export const ask: Ask = async ({ family, what, given, slopes = [], shape = [], seed = 0 }) => {
  const f = families[family] as unknown as AnyFamily
  const before = tf.memory().numTensors
  const roles = Object.keys(given) as Role[]
  const flat = roles.flatMap(role => Object.entries(given[role]!).map(([part, v]) => ({ role, part, v })))
  const tensors = flat.map(({ v }) => tf.tensor([...v.values], [...v.shape], 'float32'))
  const made: tf.Tensor[] = [...tensors]
  try {
    const evaluate = (all: ReadonlyArray<tf.Tensor>): Value => {
      const of = (role: Role) =>
        wholeOf(Object.fromEntries(flat.flatMap((a, i) => (a.role === role ? [[a.part, all[i]!]] : []))))
      return functions[what](f, Object.fromEntries(roles.map(role => [role, of(role)])) as Arguments, shape, seed)
    }
    const result = partsOf(evaluate(tensors))
    made.push(...Object.values(result))
    const moving = flat.flatMap(({ role }, i) => (slopes.includes(role) ? [i] : []))
    const sum = (...some: tf.Tensor[]): tf.Tensor =>
      Object.values(partsOf(evaluate(tensors.map((t, i) => some[moving.indexOf(i)] ?? t))))
        .map(t => tf.sum(t))
        .reduce((a, b) => tf.add(a, b))
    const gradients = moving.length === 0 ? [] : tf.grads(sum)(moving.map(i => tensors[i]!))
    made.push(...gradients)
    const parts: Record<string, Values> = {}
    for (const [name, t] of Object.entries(result))
      parts[name] = { values: Array.from(await t.data()), shape: t.shape.slice() }
    const found: Partial<Record<Role, Record<string, number[]>>> = {}
    for (const [n, i] of moving.entries()) {
      const { role, part } = flat[i]!
      found[role] = { ...found[role], [part]: Array.from(await gradients[n]!.data()) }
    }
    tf.dispose(made)
    return { parts, slopes: found, left: tf.memory().numTensors - before }
  } catch (error) {
    tf.dispose(made)
    throw error
  }
}
