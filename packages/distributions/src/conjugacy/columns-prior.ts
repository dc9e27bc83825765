import { describeValue, isList, tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { independent } from '../families/independent.js'
import {
  type ExponentialFamily,
  innerProduct,
  type Natural,
  type Statistic,
  toNatural,
  toStatistic,
} from '../family.js'
import { guarded } from '../guarded.js'
import { weigh } from '../math/products.js'
import { aVector, members } from '../member.js'
import { type Requirement, wholePositive } from '../requirements.js'
import { identity, type LogBaseExpression } from '../statistic.js'
import type { Support } from '../support.js'
import { inColumn, type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import { monoidOf, type WeightedSums } from './derived-pair.js'
import { givenKnown } from './known.js'
import { posteriorMode } from './posterior-mode.js'
import { reparametrise } from './reparametrise.js'

/**
 * What is the same for each of independent columns of numbers that are their own statistic. There may be as many columns as a language has
 * words: what M-steps ask for takes numbers and gives numbers.
 */
export interface OfOneColumn<Q, P1, S, P> {
  /** What members are called in messages, and their parameters. */
  readonly name: string
  readonly parameter: Extract<keyof P, string>
  readonly membersOf: (parameters: Vector) => P
  readonly parametersOf: (members: P) => Vector
  /** The pair of a column by itself, and the prior as a family of numbers, whose statistic has two entries. */
  readonly pair: ConjugatePrior<Q, P1, number, S>
  readonly prior: ExponentialFamily<Q, number>
  readonly requirement: Requirement
  readonly memberOf: (parameter: number) => P1
  readonly parameterOf: (member: P1) => number
  readonly support: Support
  readonly natural: (parameter: number) => number
  readonly fromNatural: (eta: number) => number
  readonly logNormaliser: (parameter: number) => number
  /** log h of an entry that is not 0; that of 0 is 0. */
  readonly logBase: (x: number) => number
  readonly logBaseExpression: (columns: number) => LogBaseExpression
  readonly compared: (entries: Vector) => Vector
  readonly priorStatistic: readonly [first: (parameter: number) => number, second: (parameter: number) => number]
  readonly evidence: readonly [(weight: number, sum: number) => number, (weight: number, sum: number) => number]
  /** The parameter at the mode of the posterior; no finite number where the pair has to be asked. */
  readonly mode: (prior: Q, weight: number, sum: number) => number
  readonly expectedNatural: (q: Q) => number
  readonly expectedLogNormaliser: (q: Q) => number
}

const sumOver = (values: Vector, f: (value: number) => number): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += f(values[i]!)
  return sum
}

const mapped = (values: Vector, f: (value: number) => number): Float64Array => {
  const found = new Float64Array(values.length)
  for (let i = 0; i < found.length; i++) found[i] = f(values[i]!)
  return found
}

/**
 * The pair of D independent columns with a prior each, whose observations are lists of D numbers and their own statistic, so that they can be
 * sparse rows and columns of tables. Errors: updates and modes say where the number of columns is not whole and positive, there are other
 * than D priors, and which column has no posterior or no mode.
 */
export const ofIndependentColumns = <Q, P1, S, P>(
  columns: number,
  column: OfOneColumn<Q, P1, S, P>,
): ConjugatePrior<ReadonlyArray<Q>, P, Vector, WeightedSums> & { readonly block: number } => {
  const { name, parameter, membersOf, parametersOf, pair, prior, requirement, priorStatistic, evidence, mode } = column
  const check = validator(name)
  const known = check.scalar('columns', columns, wholePositive)
  const size = E.isRight(known) ? columns : 1
  const each = (p: P): ReadonlyArray<P1> => Array.from(parametersOf(p), column.memberOf)
  const make = (values: ArrayLike<number>): Validated<P> =>
    values.length === size
      ? pipe(check.vector(parameter, values, requirement), E.map(membersOf))
      : check.fail(parameter, `${size} numbers`, `${values.length} numbers`)
  const likelihoods = independent(pair.likelihood as ExponentialFamily<P1, number, never, never>, 1)
  const priors = independent(prior, 2)
  const statistic = (values: ArrayLike<number>): Statistic<ReadonlyArray<Q>> => {
    const [first, second] = priorStatistic
    const found = new Float64Array(2 * values.length)
    for (let i = 0, to = 0; i < values.length; i++) {
      found[to++] = first(values[i]!)
      found[to++] = second(values[i]!)
    }
    return found as Vector as Statistic<ReadonlyArray<Q>>
  }
  const family = reparametrise<ReadonlyArray<Q>, ArrayLike<number>, P>(
    guarded({
      ...priors,
      statistic,
      logProb: (q: ReadonlyArray<Q>) => {
        const [eta, logNormaliser] = [priors.natural(q), priors.logNormaliser(q)]
        return (values: ArrayLike<number>) => {
          const log =
            values.length === q.length ? innerProduct(eta, statistic(values)) - logNormaliser : Number.NEGATIVE_INFINITY
          return Number.isNaN(log) ? Number.NEGATIVE_INFINITY : log
        }
      },
    }) as unknown as ExponentialFamily<ReadonlyArray<Q>, ArrayLike<number>>,
    values => membersOf(Float64Array.from(values)),
    parametersOf,
  )
  const logBaseMeasure = (x: Vector): number => {
    let log = 0
    for (let i = 0; i < x.length; i++) if (x[i] !== 0) log += column.logBase(x[i]!)
    return log
  }
  const ofSize = <A>(q: ReadonlyArray<Q>, sums: Vector | undefined, found: () => Validated<A>): Validated<A> => {
    if (!isList(q)) return check.fail('columns', 'a list of priors', describeValue(q))
    if (q.length !== size) return check.fail('columns', `${size} priors`, `${q.length}`)
    return sums === undefined || sums.length === size
      ? found()
      : check.fail('columns', `sums of ${size} columns`, `those of ${sums.length}`)
  }
  const ofColumn = ({ weight, sums }: WeightedSums, i: number): S =>
    pair.fromStatistic(weight, toStatistic<P1>(sums[i]!))
  const monoid = monoidOf(size)
  const whole = givenKnown<ReadonlyArray<Q>, P, Vector, WeightedSums>(known, {
    family,
    likelihood: {
      support: column.support,
      logProb: p => likelihoods.logProb(each(p)),
      sample: p => random => Float64Array.from(likelihoods.sample(each(p))(random)),
      statistic: x => toStatistic(x),
      statisticExpression: identity,
      logBaseMeasure,
      logBaseExpression: column.logBaseExpression,
      logBaseOfEntries: logBaseMeasure,
      compared: column.compared,
      natural: p => mapped(parametersOf(p), column.natural) as Vector as Natural<P>,
      fromNatural: eta => make(mapped(eta, column.fromNatural)),
      logNormaliser: p => sumOver(parametersOf(p), column.logNormaliser),
      member: members<P>(name, { [parameter]: aVector } as never, p => make(parametersOf(p))),
    },
    monoid: () => monoid,
    observe: () => (x, weight) => ({ weight, sums: weigh(x, weight, size) }),
    fromStatistic: (weight, sums) => ({ weight, sums: Float64Array.from(sums) }),
    scale: factor => s => ({ weight: factor * s.weight, sums: mapped(s.sums, v => factor * v) }),
    evidence: ({ weight, sums }) =>
      toNatural(tabulate(2 * sums.length, i => evidence[i % 2 === 0 ? 0 : 1](weight, sums[i >> 1]!))),
    update: s => q =>
      ofSize(q, s.sums, () =>
        E.sequenceArray(Array.from(q, (own, i) => pipe(pair.update(ofColumn(s, i))(own), inColumn(i)))),
      ),
    jointMode: q =>
      ofSize(q, undefined, () =>
        pipe(
          E.sequenceArray(Array.from(q, (own, i) => pipe(pair.jointMode(own), inColumn(i)))),
          E.map(found => membersOf(Float64Array.from(found, column.parameterOf))),
        ),
      ),
    posteriorMode: s => q =>
      ofSize(q, s.sums, () => {
        const found = new Float64Array(size)
        for (let i = 0; i < size; i++) {
          const value = mode(q[i]!, s.weight, s.sums[i]!)
          if (Number.isFinite(value)) found[i] = value
          else {
            const own = pipe(posteriorMode(pair)(ofColumn(s, i))(q[i]!), inColumn(i))
            if (E.isLeft(own)) return own
            found[i] = column.parameterOf(own.right)
          }
        }
        return E.right(membersOf(found))
      }),
    expectedNatural: q => ({
      natural: tabulate(q.length, i => column.expectedNatural(q[i]!)) as Vector as Natural<P>,
      logNormaliser: q.reduce((sum, own) => sum + column.expectedLogNormaliser(own), 0),
    }),
    freeParameters: q => q.length,
  })
  return { ...whole, block: size }
}
