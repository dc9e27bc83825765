/** What was wrong with one of the words after a program's name. */
export type OptionProblem =
  | { readonly _tag: 'UnknownOption'; readonly option: string; readonly suggestion: string | undefined }
  | { readonly _tag: 'MissingValue'; readonly option: string; readonly expected: string }
  | { readonly _tag: 'InvalidValue'; readonly option: string; readonly value: string; readonly expected: string }
  | { readonly _tag: 'UnexpectedValue'; readonly option: string; readonly value: string }
  | { readonly _tag: 'UnexpectedArgument'; readonly argument: string }

/** All that was wrong with the words after a program's name. */
export interface OptionError {
  readonly _tag: 'WrongOptions'
  /** In the order of the words; at least one. */
  readonly problems: readonly OptionProblem[]
}

export const wrongOptions = (...problems: readonly OptionProblem[]): OptionError => ({ _tag: 'WrongOptions', problems })

const MOST_SHOWN = 80

const quoted = (text: string): string =>
  JSON.stringify(text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text)

const describe = (problem: OptionProblem): string => {
  switch (problem._tag) {
    case 'UnknownOption': {
      const advice = problem.suggestion === undefined ? 'see --help' : `did you mean ${problem.suggestion}?`
      return `unknown option ${problem.option}; ${advice}`
    }
    case 'MissingValue':
      return `${problem.option}: expected ${problem.expected}, received nothing`
    case 'InvalidValue':
      return `${problem.option}: expected ${problem.expected}, received ${quoted(problem.value)}`
    case 'UnexpectedValue':
      return `${problem.option}: expected no value, received ${quoted(problem.value)}`
    case 'UnexpectedArgument':
      return `unexpected argument ${quoted(problem.argument)}; see --help`
  }
}

/** All problems in one line, none of them twice. */
export const describeOptionError = ({ problems }: OptionError): string =>
  [...new Set(problems.map(describe))].join('; ')
