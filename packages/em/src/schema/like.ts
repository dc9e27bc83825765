import {
  allOf,
  anyNumber,
  anything,
  is,
  list,
  nothing,
  numbers,
  object,
  oneOf,
  type Schema,
  typedArray,
  within,
} from './schema.js'

/** What says itself how many numbers there are: those have to be as many. */
const isMatrix = (value: unknown): value is { readonly rows: number; readonly columns: number } =>
  typeof value === 'object' && value !== null && 'rows' in value && 'columns' in value && 'data' in value

/**
 * What has the shape of an example: the same properties, as many elements, numbers where it has numbers. `number` says what
 * those have to be.
 */
export const like = (example: unknown, number: Schema = anyNumber): Schema => {
  if (typeof example === 'number') return number
  if (example === null) return nothing
  // Plain or typed: which of them it is may change from step to step.
  if (example instanceof Float64Array || (Array.isArray(example) && example.every(v => typeof v === 'number')))
    return numbers(number, example.length)
  if (example instanceof Int32Array) return typedArray('Int32Array', number, example.length)
  if (Array.isArray(example)) {
    const parts = example.map(part => like(part, number))
    return allOf(list(anything, example.length), value => {
      for (const [i, part] of parts.entries()) {
        const found = within(i, part((value as ReadonlyArray<unknown>)[i]))
        if (found) return found
      }
      return undefined
    })
  }
  if (isMatrix(example))
    return object({
      rows: oneOf(example.rows),
      columns: oneOf(example.columns),
      data: numbers(number, example.rows * example.columns),
    })
  if (typeof example === 'object')
    return object(Object.fromEntries(Object.entries(example).map(([name, part]) => [name, like(part, number)])))
  return example === undefined ? anything : is(`a ${typeof example}`, value => typeof value === typeof example)
}
