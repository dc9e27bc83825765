/** What was wrong with the words after a program's name. */
export type OptionError =
  | { readonly _tag: 'UnknownOption'; readonly option: string; readonly suggestion: string | undefined }
  | { readonly _tag: 'MissingValue'; readonly option: string; readonly expected: string }
  | { readonly _tag: 'InvalidValue'; readonly option: string; readonly value: string; readonly expected: string }
  | { readonly _tag: 'UnexpectedValue'; readonly option: string; readonly value: string }
  | { readonly _tag: 'UnexpectedArgument'; readonly argument: string }

/** The error in one line. */
export const describeOptionError = (error: OptionError): string => {
  switch (error._tag) {
    case 'UnknownOption': {
      const advice = error.suggestion === undefined ? 'see --help' : `did you mean ${error.suggestion}?`
      return `unknown option ${error.option}; ${advice}`
    }
    case 'MissingValue':
      return `${error.option}: expected ${error.expected}, received nothing`
    case 'InvalidValue':
      return `${error.option}: expected ${error.expected}, received ${JSON.stringify(error.value)}`
    case 'UnexpectedValue':
      return `${error.option}: expected no value, received ${JSON.stringify(error.value)}`
    case 'UnexpectedArgument':
      return `unexpected argument ${JSON.stringify(error.argument)}; see --help`
  }
}
