/** Characters of a value at the most. */
const LONGEST = 60
/** Entries of a list or an object that are printed. */
const ENTRIES = 4

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text)

/** Names of classes may hold anything. */
const onOneLine = (text: string): string => text.replace(/\s+/g, ' ')

const keyOf = (key: string): string => (/^[\w$]+$/.test(key) ? key : JSON.stringify(cut(key)))

const some = (length: number, entry: (i: number) => string): string => {
  const shown = Array.from({ length: Math.min(length, ENTRIES) }, (_, i) => entry(i))
  return [...shown, ...(length > ENTRIES ? [`... ${length - ENTRIES} more`] : [])].join(', ')
}

/** What holds a value that has to be taken out first. */
const wrapping = (value: object): string | undefined => {
  if ('then' in value && typeof value.then === 'function') return 'a Promise, which has to be awaited first'
  if ('dataSync' in value && typeof value.dataSync === 'function')
    return 'a tensor, whose array() has to be awaited first'
  if ('_tag' in value && ((value._tag === 'Left' && 'left' in value) || (value._tag === 'Right' && 'right' in value)))
    return `an Either (${value._tag}), which has to be unwrapped first`
  return undefined
}

/** Whether a value holds another one that has to be taken out first: a Promise, an Either or a tensor. */
export const isWrapped = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && wrapping(value) !== undefined

const ofObject = (value: object, depth: number): string => {
  if (Array.isArray(value)) return depth === 0 ? '[...]' : `[${some(value.length, i => describe(value[i], depth - 1))}]`
  const kind: unknown = Object.getPrototypeOf(value)?.constructor?.name
  if (ArrayBuffer.isView(value) && 'length' in value) {
    const numbers = value as unknown as ArrayLike<number | bigint>
    return `${String(kind)} [${some(numbers.length, i => describe(numbers[i], 0))}]`
  }
  const wrapped = wrapping(value)
  if (wrapped !== undefined) return wrapped
  if (typeof kind === 'string' && kind !== 'Object') return `a ${kind}`
  if (depth === 0) return '{...}'
  const fields = value as Readonly<Record<string, unknown>>
  const keys = Object.keys(value)
  return `{${some(keys.length, i => `${keyOf(keys[i]!)}: ${describe(fields[keys[i]!], depth - 1)}`)}}`
}

const describe = (value: unknown, depth: number): string => {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value)
    case 'bigint':
      return `${value}n`
    case 'string':
      return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST - 8)}...` : value)
    case 'symbol':
      return 'a symbol'
    case 'function':
      return 'a function'
    case 'undefined':
      return 'nothing'
    case 'object':
      return value === null ? 'null' : ofObject(value, depth)
    default:
      return String(value)
  }
}

/**
 * Describes a value that somebody gave in a few words of one line, for messages: `NaN`, `3n`, `"2"`, `[1, 2, 3, 4, ... 996
 * more]`, `{x: 1}`, `a Promise, which has to be awaited first`. It never throws, whatever the value.
 */
export const describeValue = (value: unknown): string => {
  try {
    return onOneLine(cut(describe(value, 2)))
  } catch {
    return 'something that cannot be read'
  }
}

/** Says what was found, for a message: a text as it is, and anything else as {@link describeValue} describes it. */
export const inWords = (found: unknown): string => (typeof found === 'string' ? found : describeValue(found))
