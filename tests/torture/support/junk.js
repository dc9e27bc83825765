// What can stand where a number, a row or a model belongs: from parsed JSON and CSV, from databases, and by mistake.

const trap = () => {
  throw new Error('a getter that throws')
}

const detached = () => {
  const values = Float64Array.of(1, 2, 3)
  structuredClone(values.buffer, { transfer: [values.buffer] })
  return values
}

const revoked = () => {
  const { proxy, revoke } = Proxy.revocable([1, 2], {})
  revoke()
  return proxy
}

/** Makers of what types allow, or parsed JSON and CSV, databases and forgotten steps give: each value has to be fresh. */
const expected = {
  null: () => null,
  undefined: () => undefined,
  'an empty text': () => '',
  'a text': () => 'red',
  'a number as text': () => '1',
  'a long text': () => 'x'.repeat(100_000),
  true: () => true,
  'a bigint': () => 3n,
  'a bigint that no float64 holds': () => 2n ** 60n + 1n,
  'an empty list': () => [],
  'a list with a hole': () => Object.assign(new Array(3), { 0: 1, 2: 3 }),
  'a list of null': () => [null],
  'a list of lists': () => [[[1]]],
  'an empty object': () => ({}),
  'an object without a prototype': () => Object.create(null),
  'a proxy of a list': () => new Proxy([1, 2], {}),
  'a date': () => new Date(0),
  'a promise': () => Promise.resolve(1),
  'a Left': () => ({ _tag: 'Left', left: { _tag: 'NoRows' } }),
  'a Right': () => ({ _tag: 'Right', right: [1, 2] }),
  'a detached array': detached,
  'bigints in an array': () => BigInt64Array.of(1n, 2n),
  'an empty array': () => new Float64Array(0),
  'a tensor': () => ({ shape: [2, 2], dtype: 'float32', dataSync: () => Float32Array.of(1, 2, 3, 4) }),
}

/** Makers of what is only there to break something. */
const malicious = {
  'a symbol': () => Symbol('s'),
  'an object of a length': () => ({ length: 2 }),
  'an object of a huge length': () => ({ length: 2 ** 53 }),
  'an object that throws': () => Object.defineProperty({}, 'length', { get: trap, enumerable: true }),
  'a proxy that throws': () => new Proxy({}, { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap }),
  'a revoked proxy': revoked,
  'a function': () => () => 1,
  'a map': () => new Map([[1, 2]]),
  'a DataView': () => new DataView(new ArrayBuffer(16)),
  'a buffer': () => new ArrayBuffer(16),
}

/** Numbers at the edges of float64, of integers, and of what any option may mean. */
export const numbers = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  2,
  3,
  7,
  1 - 2 ** -53,
  1 + 2 ** -52,
  1e-8,
  1e9,
  2 ** 31,
  2 ** 32 + 1,
  2 ** 53,
  2 ** 53 + 2,
  5e-324,
  1e-200,
  1e-60,
  1e60,
  1e200,
  -1e200,
  1e-287,
  1e247,
  1e300,
  -1e305,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
]

/** A value that a mutation puts in or leaves out as a whole: what is inside is not the caller's to write. */
export class Whole {
  constructor(value) {
    this.value = value
  }
}

export const whole = value => new Whole(value)

/** What has been put in may throw at any look. */
const safely = (f, otherwise) => {
  try {
    return f()
  } catch {
    return otherwise
  }
}

const isNode = value =>
  safely(
    () => value !== null && typeof value === 'object' && !(value instanceof Whole) && !(value instanceof Promise),
    false,
  )

/** The places in a tree of arguments, as lists of keys. */
const placesIn = (tree, path = [], found = []) => {
  if (!isNode(tree) || path.length > 6) return found
  const keys = safely(
    () => (ArrayBuffer.isView(tree) ? [0, tree.length - 1].filter(i => i >= 0) : Object.keys(tree)),
    [],
  )
  for (const key of keys.length > 12 ? [...keys.slice(0, 4), ...keys.slice(-4)] : keys) {
    found.push([...path, key])
    // What has been put in before may throw here, too.
    placesIn(
      safely(() => tree[key], undefined),
      [...path, key],
      found,
    )
  }
  return found
}

const at = (tree, path) => path.reduce((node, key) => node[key], tree)

const anySize = random => (random.uniform() < 0.5 ? -1 : 1) * 10 ** (random.uniform() * 631 - 323)

/** A list with a hole in it, or with numbers of any size in place of all of its numbers. */
const otherNumbers = (list, key, where, random) => {
  if (random.uniform() < 0.4) {
    delete list[key]
    return `a hole at ${where}`
  }
  for (let i = 0; i < list.length; i++) if (typeof list[i] === 'number') list[i] = anySize(random)
  return `numbers of any size beside ${where}`
}

/** Makes one change to a tree of arguments, in place, and says which. */
export const mutate = (args, random, strict) => {
  const junk = strict ? { ...expected, ...malicious } : expected
  const pick = list => list[random.integer(list.length)]
  const places = placesIn(args)
  if (places.length === 0) return 'nothing'
  const path = pick(places)
  const [parentPath, key] = [path.slice(0, -1), path.at(-1)]
  let parent = at(args, parentPath)
  if (ArrayBuffer.isView(parent)) {
    // A typed array would turn what is put in into a number.
    const list = safely(() => Array.from(parent), [])
    if (parentPath.length === 0) return 'nothing'
    at(args, parentPath.slice(0, -1))[parentPath.at(-1)] = list
    parent = list
  }
  const where = path.join('.')
  const put = (value, name) =>
    safely(() => {
      parent[key] = value
      return `${name} at ${where}`
    }, 'nothing')
  const draw = random.uniform()
  if (draw < 0.4) {
    const name = pick(Object.keys(junk))
    return put(junk[name](), name)
  }
  if (draw < 0.8) {
    const value = pick(numbers)
    return put(value, String(value))
  }
  if (draw < 0.87 && Array.isArray(parent)) return otherNumbers(parent, key, where, random)
  if (draw < 0.87) {
    delete parent[key]
    return `nothing at ${where}`
  }
  if (draw < 0.94 && !Array.isArray(parent)) {
    parent.unheardOf = 1
    return `an unknown key beside ${where}`
  }
  if (Array.isArray(parent) && parentPath.length > 0) {
    if (random.uniform() < 0.5) parent.splice(key, 1)
    else parent.splice(key, 0, parent[key])
    return `another length beside ${where}`
  }
  return put(undefined, 'undefined')
}

const isPlain = value => safely(() => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype, false)

/** Arguments as the call gets them. */
export const unwrapped = args => {
  const open = value => {
    if (safely(() => value instanceof Whole, false)) return value.value
    if (!isNode(value) || !isPlain(value)) return value
    return safely(() => {
      for (const key of Object.keys(value)) {
        const [inner, opened] = [value[key], open(value[key])]
        if (opened !== inner) value[key] = opened
      }
      return value
    }, value)
  }
  return args.map(open)
}
