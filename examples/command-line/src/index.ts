export { backendOption } from './backend.js'
export { helpText, type Program } from './help.js'
export { choice, folder, indices, integer, number, type Option } from './option.js'
export { describeOptionError, type OptionError } from './option-error.js'
export {
  describeOutputError,
  type Files,
  type OutputError,
  type OutputFolder,
  openOutputFolder,
} from './output-folder.js'
export { type Command, type OptionsOf, type ParseInput, parse } from './parse.js'
export { reasonOf } from './reason.js'
export { alignColumns } from './table.js'
