import { parseArgs } from 'node:util'
import { nearestName } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from './option.js'
import { type OptionError, type OptionProblem, wrongOptions } from './option-error.js'

/** A program's options by their names, as they are typed after `--`. */
export type Options = Readonly<Record<string, Option<unknown>>>

/** One option for each of the values that a program reads. */
export type OptionsOf<V> = { readonly [K in keyof V]: Option<V[K]> }

/** What a person asked a program to do. */
export type Command<V> =
  | { readonly _tag: 'Help' }
  | { readonly _tag: 'Version' }
  | { readonly _tag: 'Run'; readonly values: V; readonly operands: readonly string[] }

export interface ParseInput {
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string | undefined>>
}

const FLAGS = ['help', 'version'] as const

// `pnpm segment -- --help` hands the separator on to the program.
const withoutSeparator = (words: readonly string[]): readonly string[] => (words[0] === '--' ? words.slice(1) : words)

const tokensOf = (specification: Options, words: readonly string[]) =>
  parseArgs({
    args: words.map(word => (word === '-h' ? '--help' : word)),
    // Not strict, since strict mode throws, and refuses `--seed -1` before its range can be explained.
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(Object.keys(specification).map(name => [name, { type: 'string' as const }])),
      help: { type: 'boolean' },
      version: { type: 'boolean' },
    },
  }).tokens

type Token = ReturnType<typeof tokensOf>[number]
type OptionToken = Extract<Token, { kind: 'option' }>

const isOption = (token: Token): token is OptionToken => token.kind === 'option'

const unknown = (specification: Options, typed: string): OptionProblem => {
  const names = [...Object.keys(specification), ...FLAGS]
  const word = typed.replace(/^-+/, '').replace(/=.*$/s, '')
  const shortened = names.find(name => word.length >= 2 && name.startsWith(word.toLowerCase()))
  const suggestion = shortened ?? nearestName(word, names)
  return {
    _tag: 'UnknownOption',
    option: typed.replace(/=.*$/s, ''),
    suggestion: suggestion === undefined ? undefined : `--${suggestion}`,
  }
}

const readValue = (
  option: Option<unknown>,
  shown: string,
  text: string | undefined,
): E.Either<OptionProblem, unknown> =>
  text === undefined
    ? E.left({ _tag: 'MissingValue', option: shown, expected: option.expected })
    : pipe(
        option.read(text),
        E.fromOption(
          (): OptionProblem => ({ _tag: 'InvalidValue', option: shown, value: text, expected: option.expected }),
        ),
      )

const readToken = (
  specification: Options,
  words: readonly string[],
  token: OptionToken,
): E.Either<OptionProblem, readonly [string, unknown]> => {
  const option = Object.hasOwn(specification, token.name) ? specification[token.name] : undefined
  if (option === undefined || !token.rawName.startsWith('--')) {
    return E.left(unknown(specification, words[token.index] ?? token.rawName))
  }
  return pipe(
    readValue(option, `--${token.name}`, token.value),
    E.map(value => [token.name, value] as const),
  )
}

const fallbackOf = (
  option: Option<unknown>,
  environment: ParseInput['environment'],
): E.Either<OptionProblem, unknown> => {
  const text = option.variable === undefined ? undefined : environment[option.variable]
  // An empty variable is how a shell says that it is not set.
  return text === undefined || text === '' ? E.right(option.fallback) : readValue(option, option.variable ?? '', text)
}

/** What was read of each, or all problems. */
const all = <A>(results: readonly E.Either<OptionProblem, A>[]): E.Either<readonly OptionProblem[], readonly A[]> => {
  const problems = results.flatMap(result => (E.isLeft(result) ? [result.left] : []))
  return problems.length > 0
    ? E.left(problems)
    : E.right(results.flatMap(result => (E.isRight(result) ? [result.right] : [])))
}

/**
 * Reads the words after a program's name; where an option stands twice the last one counts. Errors: all that is wrong with
 * them, not the first alone.
 */
export const parse =
  <V>(typedOptions: OptionsOf<V>) =>
  ({ words, environment }: ParseInput): E.Either<OptionError, Command<V>> => {
    const specification = typedOptions as Options
    const given = withoutSeparator(words)
    const tokens = tokensOf(specification, given)
    const options = tokens.filter(isOption)
    const flag = FLAGS.flatMap(name => options.filter(token => token.name === name))[0]
    if (flag?.value !== undefined) {
      return E.left(wrongOptions({ _tag: 'UnexpectedValue', option: flag.rawName, value: flag.value }))
    }
    if (flag !== undefined) return E.right({ _tag: flag.name === 'help' ? 'Help' : 'Version' })
    const typed = all(options.map(token => readToken(specification, given, token)))
    const named = new Set(options.map(({ name }) => name))
    const fallbacks = all(
      Object.entries(specification)
        .filter(([name]) => !named.has(name))
        .map(([name, option]) =>
          pipe(
            fallbackOf(option, environment),
            E.map(value => [name, value] as const),
          ),
        ),
    )
    if (E.isLeft(typed) || E.isLeft(fallbacks)) {
      return E.left(wrongOptions(...[typed, fallbacks].flatMap(part => (E.isLeft(part) ? part.left : []))))
    }
    return E.right({
      _tag: 'Run',
      values: Object.fromEntries([...fallbacks.right, ...typed.right]) as V,
      operands: tokens.flatMap(token => (token.kind === 'positional' ? [token.value] : [])),
    })
  }
