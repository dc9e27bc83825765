import { type Matrix, square } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type Natural, type Statistic, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import { membersOfColumns } from '../member.js'
import { type Validated, validator } from '../validation.js'

/** Values of so many columns. */
export type Columns<A> = ReadonlyArray<A>

const each = <A, B>(values: ArrayLike<A>, f: (value: A, column: number) => B): B[] => Array.from(values, f)

const sum = <A>(values: ArrayLike<A>, f: (value: A, column: number) => number): number =>
  Array.from(values).reduce<number>((total, value, i) => total + f(value, i), 0)

/** So many numbers of each value, end to end. */
const concat = <A>(values: ArrayLike<A>, size: number, f: (value: A) => ArrayLike<number>): Float64Array => {
  const found = new Float64Array(values.length * size)
  for (let i = 0, to = 0; i < values.length; i++) {
    const own = f(values[i]!)
    for (let j = 0; j < size; j++) found[to++] = own[j]!
  }
  return found
}

const all = <A>(values: ReadonlyArray<O.Option<A>>): O.Option<ReadonlyArray<A>> =>
  values.every(O.isSome) ? O.some(values.map(v => v.value)) : O.none

const blockDiagonal = (blocks: ReadonlyArray<Matrix>): Matrix => {
  const place = blocks.flatMap((block, b) => Array.from({ length: block.rows }, (_, i) => [b, i] as const))
  return square(place.length, (i, j) => {
    const [[a, r], [b, s]] = [place[i]!, place[j]!]
    return a === b ? blocks[a]!.data[r * blocks[a]!.columns + s]! : 0
  })
}

/**
 * Any number of independent columns of the same family, each with parameters of its own; `size` is the number of statistics
 * of one. Statistics and natural parameters are laid end to end, column after column. Impossible is a vector of another
 * length than the parameters.
 */
export const independent = <P, X, V, M>(
  family: ExponentialFamily<P, X, V, M>,
  size: number,
): ExponentialFamily<Columns<P>, ArrayLike<X>, Columns<V>, Columns<M>> => {
  const split = (vector: ArrayLike<number>, f: (part: Float64Array) => Validated<P>): Validated<Columns<P>> => {
    const members: P[] = []
    if (vector.length === 0 || vector.length % size !== 0)
      return validator(`Independent(${family.name})`).fail(
        'columns',
        `${size} numbers for each of at least one`,
        `${vector.length} numbers`,
      )
    for (let start = 0; start < vector.length; start += size) {
      const member = f(Float64Array.from(vector).subarray(start, start + size))
      if (E.isLeft(member))
        return E.left({ ...member.left, parameter: `columns[${start / size}].${member.left.parameter}` })
      members.push(member.right)
    }
    return E.right(members)
  }
  return guarded({
    name: `Independent(${family.name})`,
    logProb: p => {
      const logProbs = p.map(family.logProb)
      return x =>
        x.length === logProbs.length ? sum(logProbs, (logProb, i) => logProb(x[i]!)) : Number.NEGATIVE_INFINITY
    },
    sample: p => random => p.map(member => family.sample(member)(random)),
    mean: p => all(p.map(family.mean)),
    variance: p => all(p.map(family.variance)),
    mode: p => all(p.map(family.mode)),
    entropy: p => sum(p, family.entropy),
    klDivergence: p => q => sum(p, (member, i) => family.klDivergence(member)(q[i]!)),
    statistic: x => toStatistic(concat(x, size, family.statistic)),
    logBaseMeasure: x => sum(x, family.logBaseMeasure),
    natural: p => toNatural(concat(p, size, family.natural)),
    fromNatural: eta => split(eta, part => family.fromNatural(part as never as Natural<P>)),
    logNormaliser: p => sum(p, family.logNormaliser),
    expectedStatistic: p => toStatistic(concat(p, size, family.expectedStatistic)),
    fromExpectedStatistic: t => split(t, part => family.fromExpectedStatistic(part as never as Statistic<P>)),
    member: family.member && (value => membersOfColumns(family.name, family.member!, value)),
    fisherInformation: p => blockDiagonal(each(p, family.fisherInformation)),
  })
}
