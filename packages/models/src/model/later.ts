/** What is found of an object when it is first asked for, by the names of its properties. */
const FINDERS = Symbol('finders')

interface Later {
  readonly [FINDERS]: Record<string, () => unknown>
}

/** One descriptor for each name. */
const descriptors = new Map<string, PropertyDescriptor>()

const descriptorOf = (name: string): PropertyDescriptor => {
  const known = descriptors.get(name)
  if (known) return known
  const found: PropertyDescriptor & ThisType<Later> = {
    enumerable: true,
    get() {
      const finders = this[FINDERS]
      const value = finders[name]!()
      finders[name] = () => value
      return value
    },
  }
  descriptors.set(name, found)
  return found
}

/**
 * Gives an object further properties, which are found when they are first read: most of them nobody reads. All objects share the getter of a
 * name: for objects with getters of their own, engines make a hidden class each, which takes longer than what is not computed and is
 * seldom thrown away.
 */
export const withLater = <A extends object, B>(
  known: A,
  finders: { readonly [N in keyof B]: () => B[N] },
): A & Readonly<B> => {
  Object.defineProperty(known, FINDERS, { value: { ...finders } })
  for (const name of Object.keys(finders)) Object.defineProperty(known, name, descriptorOf(name))
  return known as A & Readonly<B>
}
