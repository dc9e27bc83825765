const MARK = '\0stand-in:'

/**
 * The part of a plugin that puts texts in the place of modules. `standInOf` says which text stands in for an import, if any;
 * after a `#` whose it is, where each is to have its own.
 */
export const standingIn = (texts, standInOf) => ({
  resolveId: {
    handler(id, importer) {
      const name = standInOf(id, importer)
      return name === undefined ? null : MARK + name
    },
  },
  load: {
    handler(id) {
      if (!id.startsWith(MARK)) return null
      const [name] = id.slice(MARK.length).split('#')
      return { code: texts[name], moduleSideEffects: false }
    },
  },
})
