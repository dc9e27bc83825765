import { createRequire } from 'node:module'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describeOptionError, type OptionError, wrongOptions } from './option-error.js'
import type { Command, ParseInput } from './parse.js'
import { FAILED, runProgram, type Terminal } from './run-program.js'

/** A program that reads a command line. */
export interface CommandProgram<C extends { readonly _tag: 'Run' }> {
  readonly name: string
  /** What `--help` prints. */
  readonly help: string
  /** The URL of a module one folder below the package, which has the version. */
  readonly module: string
  readonly read: (input: ParseInput) => E.Either<OptionError, Exclude<Command<never>, { readonly _tag: 'Run' }> | C>
  /** The exit code where the command line cannot be read. */
  readonly wrongUse: number
  /** What it does to its exit code, where it is asked neither for help nor for its version. */
  readonly run: (command: C, terminal: Terminal) => Promise<number>
}

/** Runs a program on the words of its command line. */
export const runCommand = <C extends { readonly _tag: 'Run' }>({
  name,
  help,
  module,
  read,
  wrongUse,
  run,
}: CommandProgram<C>): void =>
  runProgram(name, async terminal => {
    const command = read({ words: process.argv.slice(2), environment: process.env })
    if (E.isLeft(command)) {
      terminal.complain(describeOptionError(command.left))
      return wrongUse
    }
    switch (command.right._tag) {
      case 'Help':
        terminal.say(help)
        return 0
      case 'Version':
        terminal.say(`${(createRequire(module)('../package.json') as { version: string }).version}\n`)
        return 0
      case 'Run':
        return run(command.right, terminal)
    }
  })

/** Says what a task comes to, or complains of its error in one line; gives the exit code. */
export const answer = async <X>(
  task: TaskEither<X, string>,
  describe: (error: X) => string,
  { say, complain }: Terminal,
): Promise<number> => {
  const done = await task()
  if (E.isRight(done)) say(done.right)
  else complain(describe(done.left))
  return E.isRight(done) ? 0 : FAILED
}

/** A command with no more operands than so many. Errors: the first one beyond. */
export const withOperands =
  (most: number) =>
  <V>(command: Command<V>): E.Either<OptionError, Command<V>> => {
    const argument = command._tag === 'Run' ? command.operands[most] : undefined
    return argument === undefined ? E.right(command) : E.left(wrongOptions({ _tag: 'UnexpectedArgument', argument }))
  }
