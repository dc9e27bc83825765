export { backendOption } from './backend.js'
export { answer, type CommandProgram, runCommand, withOperands } from './command-program.js'
export { helpText, type Program } from './help.js'
export { choice, folder, indices, integer, number, type Option } from './option.js'
export { describeOptionError, type OptionError, type OptionProblem, wrongOptions } from './option-error.js'
export {
  describeOutputError,
  type Files,
  makeFolders,
  type OutputError,
  type OutputFolder,
  openOutputFolder,
  temporaryIn,
} from './output-folder.js'
export { type Command, type OptionsOf, type ParseInput, parse } from './parse.js'
export { printable, withoutUnprintable } from './printable.js'
export { reasonOf } from './reason.js'
export { type Results, writeResults } from './results.js'
export { FAILED, runProgram, type Terminal } from './run-program.js'
export { alignColumns } from './table.js'
export { tidyAtEnd } from './tidying.js'
