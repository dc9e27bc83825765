// What is computed when a package loads is of no consequence to others: `sideEffects: false` says so of whole files. Within
// a bundle each constant has to say it, so that a page keeps those that it uses.
import { parseAst } from 'rolldown/parseAst'

/** What another bundler takes for an effect. */
const effects = new Set([
  'CallExpression',
  'NewExpression',
  'MemberExpression',
  'SpreadElement',
  'TaggedTemplateExpression',
  'ClassExpression',
])

const isFunction = type => type === 'ArrowFunctionExpression' || type === 'FunctionExpression'

/** Whether evaluating an expression, but not a function in it, may do something. */
const mayDoSomething = node => {
  if (Array.isArray(node)) return node.some(mayDoSomething)
  if (typeof node?.type !== 'string') return false
  if (isFunction(node.type)) return false
  return effects.has(node.type) || Object.values(node).some(mayDoSomething)
}

const awaits = node =>
  Array.isArray(node)
    ? node.some(awaits)
    : typeof node?.type === 'string' &&
      !isFunction(node.type) &&
      (node.type === 'AwaitExpression' || Object.values(node).some(awaits))

const initialisersOf = statement => {
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  return declaration?.type === 'VariableDeclaration'
    ? declaration.declarations.filter(({ id }) => id.type === 'Identifier').map(({ init }) => init)
    : []
}

const PURE = '/* @__PURE__ */'

/** Wraps the value of each constant of a module that is not a plain one into a call that may be left out. */
export const markPure = code => {
  const inserts = parseAst(code)
    .body.flatMap(initialisersOf)
    .filter(init => mayDoSomething(init) && !awaits(init))
    .flatMap(({ start, end }) => [
      { at: start, text: `${PURE} (() => (` },
      { at: end, text: '))()' },
    ])
  let [marked, from] = ['', 0]
  for (const { at, text } of inserts) {
    marked += code.slice(from, at) + text
    from = at
  }
  return marked + code.slice(from)
}

export const pure = {
  name: 'pure constants',
  // Lines stay, and so do those of the source map.
  renderChunk: code => ({ code: markPure(code), map: null }),
}
