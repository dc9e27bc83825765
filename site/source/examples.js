// Which blocks of code can run in a page, and what they import.

/** Module names that code imports. */
export const importsOf = code =>
  [...code.matchAll(/^(?:import|export)\s*(?:[^'"=;()]*?\bfrom\s*)?['"]([^'"]+)['"]/gm)].map(([, name]) => name)

/** What a page cannot import: modules of Node, and TensorFlow.js, which is too large to come along. */
const ELSEWHERE = /^node:|^@conjugate\/em\/node$|\/tensors$|^@tensorflow\//

/** Blocks that only say what a thing looks like print nothing, show nothing and import nothing. */
export const runs = code => importsOf(code).length > 0 && !importsOf(code).some(name => ELSEWHERE.test(name))

export const blocksOf = text => [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code]) => code)
