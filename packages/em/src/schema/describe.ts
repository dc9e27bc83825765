const LONGEST_TEXT = 40
const MOST_NAMES = 6

/** Numbers and texts that are short enough to be shown, as a list. */
const short = (values: ReadonlyArray<unknown>): string | undefined =>
  values.length <= 4 && values.every(v => typeof v === 'number' || typeof v === 'boolean' || v === null)
    ? `[${values.map(describeValue).join(', ')}]`
    : undefined

const wrapping = (value: object): string | undefined => {
  if ('then' in value && typeof value.then === 'function') return 'a Promise, which has to be awaited first'
  if ('_tag' in value && (('left' in value && value._tag === 'Left') || ('right' in value && value._tag === 'Right')))
    return `an Either (${value._tag}), which has to be unwrapped first`
  return undefined
}

/** Whether something may be in it but is not it: a Promise or an Either. */
export const isWrapped = (value: object): boolean => wrapping(value) !== undefined

const describeObject = (value: object): string => {
  const wrapped = wrapping(value)
  if (wrapped !== undefined) return wrapped
  if (Array.isArray(value)) return short(value) ?? `an array of ${value.length}`
  if (ArrayBuffer.isView(value))
    return `a ${value.constructor.name}${'length' in value ? ` of ${String(value.length)}` : ''}`
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null
  if (!isPlain) return `a ${(value.constructor as { readonly name?: string } | undefined)?.name ?? 'strange object'}`
  if ('_tag' in value && typeof value._tag === 'string') return `{ _tag: ${describeValue(value._tag)} }`
  const names = Object.keys(value)
  if (names.length === 0) return 'an object without properties'
  const more = names.length > MOST_NAMES ? ', ...' : ''
  return `an object of ${names.slice(0, MOST_NAMES).map(cut).join(', ')}${more}`
}

const cut = (text: string): string => (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}...` : text)

/** What was found where something else was expected: a few words on one line, however large it is. It never throws. */
export const describeValue = (value: unknown): string => {
  try {
    switch (typeof value) {
      case 'number':
        return Object.is(value, -0) ? '-0' : String(value)
      case 'string':
        return JSON.stringify(cut(value))
      case 'bigint':
        return cut(`${value}n`)
      case 'function':
        return 'a function'
      case 'symbol':
        return 'a symbol'
      case 'object':
        return value === null ? 'null' : describeObject(value)
      default:
        return String(value)
    }
  } catch {
    return 'something that cannot be read'
  }
}

/** How many letters have to be changed, added, left out or swapped with their neighbour. */
const distance = (a: string, b: string): number => {
  let [before, row] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Infinity
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + same, swapped))
    }
    ;[before, row] = [row, next]
  }
  return row.at(-1)!
}

/** The known name that a misspelt one is likely to stand for, if any. */
export const nearestName = (name: string, known: ReadonlyArray<string>): string | undefined => {
  if (name.length > LONGEST_TEXT) return undefined
  const wanted = name.toLowerCase()
  const distances = known.map(k => (k.toLowerCase() === wanted ? 0 : distance(wanted, k.toLowerCase())))
  const least = Math.min(...distances)
  return least <= Math.max(1, Math.floor(name.length / 3)) ? known[distances.indexOf(least)] : undefined
}
