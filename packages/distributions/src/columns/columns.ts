import { describeValue, isList, toNumber } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { total } from '../guarded.js'
import { type Validated, type Validator, validator } from '../validation.js'

/**
 * What columns say of each other in a distribution of D columns, apart from its family so that importing that one stays small.
 * Columns are told by their numbers from 0, or by their names where the distribution has names.
 */
export interface Columns<P> {
  /** The distribution of some columns, in the order given. Errors: parameters that do not exist; a column that is none, or there twice; no column. */
  readonly marginal: (p: P) => (columns: ArrayLike<number | string>) => Validated<P>
  /**
   * The distribution of the other columns, in their order, where the values of some are given. Errors: parameters that do not exist; a
   * column that is none; a value that is not finite, or so far off that the result is not in float64; all columns are given.
   */
  readonly conditional: (p: P) => (given: Readonly<Record<string, number>>) => Validated<P>
}

/** Columns of which values are given, and the others, each ascending. */
export interface Given {
  readonly columns: ReadonlyArray<number>
  readonly values: ReadonlyArray<number>
  readonly others: ReadonlyArray<number>
}

const range = (count: number): ReadonlyArray<number> => Array.from({ length: count }, (_, i) => i)

/** The number of a column, or -1; a name goes before a number. */
const columnAt = (column: unknown, dimension: number, names: ReadonlyArray<string> | undefined): number => {
  const named = names?.indexOf(column as string) ?? -1
  if (named >= 0) return named
  const at = typeof column === 'string' && /^\d+$/.test(column) ? Number(column) : column
  return typeof at === 'number' && Number.isInteger(at) && at >= 0 && at < dimension ? at : -1
}

const whichColumn = (dimension: number, names: ReadonlyArray<string> | undefined): string =>
  names
    ? `one of ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`
    : `a column from 0 to ${dimension - 1}`

/** What reads an argument, of a distribution of so many columns and their names. */
type Reader<A> = (
  check: Validator,
  dimension: number,
  names: ReadonlyArray<string> | undefined,
) => (argument: unknown) => Validated<A>

/** The numbers of at least one column. */
const readColumns: Reader<ReadonlyArray<number>> = (check, dimension, names) => columns => {
  if (!isList(columns) || columns.length === 0)
    return check.fail('columns', 'a list of columns', describeValue(columns))
  const found: number[] = []
  for (let i = 0; i < columns.length; i++) {
    const at = columnAt(columns[i], dimension, names)
    if (at < 0) return check.fail(`columns[${i}]`, whichColumn(dimension, names), describeValue(columns[i]))
    if (found.includes(at)) return check.fail(`columns[${i}]`, 'a column once', describeValue(columns[i]))
    found.push(at)
  }
  return E.right(found)
}

/** Values by column, which leave at least one column. */
const readGiven: Reader<Given> = (check, dimension, names) => given => {
  if (typeof given !== 'object' || given === null || isList(given))
    return check.fail('given', 'an object of columns and their values', describeValue(given))
  const values = new Map<number, number>()
  for (const [column, value] of Object.entries(given)) {
    const at = columnAt(column, dimension, names)
    if (at < 0 || values.has(at))
      return check.fail(`given ${describeValue(column)}`, whichColumn(dimension, names), 'another')
    const number = toNumber(value)
    if (number === undefined || !Number.isFinite(number))
      return check.fail(`given ${describeValue(column)}`, 'a finite number', describeValue(value))
    values.set(at, number)
  }
  const others = range(dimension).filter(column => !values.has(column))
  if (others.length === 0) return check.fail('given', 'fewer columns than all', `${dimension} of ${dimension}`)
  const columns = range(dimension).filter(column => values.has(column))
  return E.right({ columns, values: columns.map(column => values.get(column)!), others })
}

/** A distribution of columns, as its marginals and conditionals take it. */
interface Definition<P> {
  readonly name: string
  readonly make: (p: P) => Validated<P>
  readonly dimension: (p: P) => number
  readonly names?: (p: P) => ReadonlyArray<string> | undefined
  readonly marginal: (p: P, columns: ReadonlyArray<number>) => Validated<P>
  readonly conditional: (p: P, given: Given) => Validated<P>
}

/** Both of a distribution, which never throw. */
export const columnsOf = <P>({ name, make, dimension, names, marginal, conditional }: Definition<P>): Columns<P> => {
  const check = validator(name)
  /** What is made of an argument, once it and the parameters have been read. */
  const reading =
    <A>(argument: string, expected: string, read: Reader<A>, then: (p: P, read: A) => Validated<P>) =>
    (given: P) => {
      const made = make(given)
      return total(name, argument, expected, (asked: unknown) =>
        pipe(
          made,
          E.chain(p =>
            pipe(
              read(check, dimension(p), names?.(p))(asked),
              E.chain(found => then(p, found)),
            ),
          ),
        ),
      )
    }
  return {
    marginal: reading('columns', 'a list of columns', readColumns, marginal),
    conditional: reading('given', 'an object of columns and their values', readGiven, conditional),
  }
}
