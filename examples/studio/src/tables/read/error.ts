/** Why there is no table: what was found and where, and what can be done. */
export interface NoTable {
  readonly _tag: 'NoTable'
  /** What is wrong and where, a sentence. */
  readonly what: string
  /** What to do about it, a sentence. */
  readonly advice: string
}

export const noTable = (what: string, advice: string): NoTable => ({ _tag: 'NoTable', what, advice })

/** Describes the error for a person. */
export const describeNoTable = ({ what, advice }: NoTable): string => `${what} ${advice}`
