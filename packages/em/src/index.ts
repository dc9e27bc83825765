export {
  type CallbackFailed,
  callbackFailed,
  describeCallbackFailed,
  reasonOf,
  Thrown,
  tryCall,
  tryCallAsync,
  tryEach,
} from './callback.js'
export {
  type Checkpoint,
  type CheckpointOptions,
  checkpointIn,
  intervals,
  runWithCheckpoints,
} from './checkpoint/checkpoint.js'
export { objectivesOf, progressOf } from './checkpoint/progress.js'
export { type CheckpointError, describeCheckpointError, type Storage } from './checkpoint/storage.js'
export { fromText, toText } from './checkpoint/text.js'
export { type Ending, endOf, hasEnded, type PreviousRun, type StoppedBy } from './ending.js'
export type { Step } from './evaluate.js'
export { iterations } from './iterations.js'
export type { EMError, EMModel, Expectation, Iteration, Position } from './model.js'
export { checkArgument, checkOptions, describeInvalidOption, type InvalidOption, invalidOption } from './options.js'
export { type RestartEnd, type Restarts, type RestartsState, type RunOne, runRestarts } from './restarts.js'
export { type Progress, type Run, type RunOptions, run, type SaveOptions } from './run.js'
export { type Coordinates, squarem } from './squarem.js'
export { absoluteGain, anyOf, relativeGain, repeatedly, type StoppingRule } from './stopping.js'
export { breather } from './timing.js'
