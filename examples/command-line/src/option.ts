import * as O from 'fp-ts/lib/Option.js'

/** One option of a program: how its text is read and how it is described. */
export interface Option<A> {
  /** What stands for the value in the help, for example `N`. */
  readonly placeholder: string
  readonly help: string
  /** What a value must be, to follow the words `expected` and `received`. */
  readonly expected: string
  readonly read: (text: string) => O.Option<A>
  readonly fallback: A
  /** How the fallback is shown in the help; absent where there is nothing to show. */
  readonly shownFallback?: string
  /** An environment variable that gives the value where the option is absent. */
  readonly variable?: string
}

interface Described<A> {
  readonly help: string
  readonly fallback: A
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** A whole number from `least` to `most`. */
export const integer = ({
  least,
  most,
  ...described
}: Described<number> & { readonly least: number; readonly most?: number }): Option<number> => ({
  ...described,
  placeholder: 'N',
  expected: most === undefined ? `a whole number of at least ${least}` : `a whole number from ${least} to ${most}`,
  read: text => {
    const value = Number(text)
    const inRange = Number.isSafeInteger(value) && value >= least && value <= (most ?? Number.MAX_SAFE_INTEGER)
    return /^[+-]?\d+$/.test(text) && inRange ? O.some(value) : O.none
  },
  shownFallback: String(described.fallback),
})

/** A finite number above a bound. */
export const number = ({ above, ...described }: Described<number> & { readonly above: number }): Option<number> => ({
  ...described,
  placeholder: 'X',
  expected: `a number above ${above}`,
  read: text => {
    const value = Number(text)
    return decimal.test(text) && Number.isFinite(value) && value > above ? O.some(value) : O.none
  },
  shownFallback: String(described.fallback),
})

/** One of a few words. */
export const choice = <A extends string>({
  among,
  ...described
}: Described<NoInfer<A>> & { readonly among: readonly A[]; readonly variable?: string }): Option<A> => ({
  ...described,
  placeholder: 'NAME',
  expected: `${among.slice(0, -1).join(', ')} or ${among.at(-1)}`,
  read: text => O.fromNullable(among.find(name => name === text)),
  shownFallback: described.fallback,
})

/** The path of a folder. */
export const folder = (described: Described<string>): Option<string> => ({
  ...described,
  placeholder: 'DIR',
  expected: 'the path of a folder',
  read: text => (text === '' ? O.none : O.some(text)),
  shownFallback: described.fallback,
})

/** Whole numbers from 0, separated by commas; none where the option is absent. */
export const indices = ({ help }: { readonly help: string }): Option<readonly number[] | undefined> => ({
  help,
  placeholder: 'I,J,...',
  expected: 'whole numbers from 0, separated by commas',
  read: text => {
    const values = text.split(',').map(Number)
    return /^\d+(,\d+)*$/.test(text) && values.every(Number.isSafeInteger) ? O.some(values) : O.none
  },
  fallback: undefined,
})
