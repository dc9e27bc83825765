// Checks the imports of every package: they point down the layers, name public entries and declared dependencies, stay
// inside the package where they are relative, and form no cycle.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { inlined } from '../bundle/inlined.js'
import { filesIn } from '../files.js'
import { layerOf } from './rules.js'

const scope = '@conjugate/'
const importPattern = /(?:\bfrom\s*|\bimport\s*\(\s*|^import\s+)['"]([^'"\s]+)['"]/gm

/** @param {string} folder @returns {string[]} */
const sourceFiles = folder => (existsSync(folder) ? filesIn(folder).filter(file => /\.(tsx?|js)$/.test(file)) : [])

/** @param {string} file */
const importsOf = file =>
  [
    ...readFileSync(file, 'utf8')
      .replace(/^\s*(\*|\/\/).*$/gm, '')
      .matchAll(importPattern),
  ].map(match => match[1] ?? '')

/** The source that is compiled to a path. @param {string} path */
const sourceOf = path => {
  const jsx = path.replace(/\.js$/, '.tsx')
  return existsSync(jsx) ? jsx : path.replace(/\.js$/, '.ts')
}

/** @param {string} root */
const packagesOf = root =>
  ['packages', 'examples']
    .filter(group => existsSync(join(root, group)))
    .flatMap(group => readdirSync(join(root, group)).map(name => join(root, group, name)))
    .filter(folder => existsSync(join(folder, 'package.json')))
    .map(folder => {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      return {
        folder,
        manifest,
        name: manifest.name.replace(scope, ''),
        files: sourceFiles(join(folder, 'src')),
        declared: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).concat(
          Object.keys(manifest.devDependencies ?? {}).filter(name => inlined.test(name)),
        ),
      }
    })

/** `@scope/name/entry` to its package and the key of its `exports`. @param {string} specifier */
const parse = specifier => {
  const parts = specifier.split('/')
  const length = specifier.startsWith('@') ? 2 : 1
  return { target: parts.slice(0, length).join('/'), entry: ['.', ...parts.slice(length)].join('/') }
}

/** The first cycle of relative imports. @param {Map<string, string[]>} graph */
const findCycle = graph => {
  const done = new Set()
  /** @param {string} file @param {string[]} path @returns {string[] | undefined} */
  const visit = (file, path) => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return undefined
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file])
      if (cycle) return cycle
    }
    done.add(file)
    return undefined
  }
  for (const file of graph.keys()) {
    const cycle = visit(file, [])
    if (cycle) return cycle
  }
  return undefined
}

/**
 * @param {string} root of a workspace
 * @returns {{ modules: number, violations: string[] }}
 */
export const check = root => {
  const packages = packagesOf(root)
  const byName = new Map(packages.map(p => [p.manifest.name, p]))
  /** @type {string[]} */
  const violations = []
  for (const { folder, name, files, declared, manifest } of packages) {
    if (layerOf(name) < 0) violations.push(`${name} is in no layer of scripts/dependencies/rules.js`)
    for (const target of Object.keys(manifest.dependencies ?? {}))
      if (folder.startsWith(join(root, 'packages')) && inlined.test(target))
        violations.push(`${name}: ${target} is inlined, so it is a development dependency`)
    /** @type {Map<string, string[]>} */
    const graph = new Map()
    for (const file of files) {
      const where = relative(root, file)
      const targets = []
      for (const specifier of importsOf(file)) {
        if (specifier.startsWith('.')) {
          const path = sourceOf(join(dirname(file), specifier))
          if (!path.startsWith(join(folder, 'src') + sep)) violations.push(`${where}: ${specifier} leaves its package`)
          targets.push(path)
          continue
        }
        if (isBuiltin(specifier)) continue
        const { target, entry } = parse(specifier)
        if (target === manifest.name) violations.push(`${where}: imports its own package by name`)
        if (!declared.includes(target)) violations.push(`${where}: ${target} is not declared in package.json`)
        const workspace = byName.get(target)
        if (!workspace) continue
        if (layerOf(workspace.name) >= layerOf(name))
          violations.push(`${where}: ${name} may not depend on ${workspace.name}`)
        if (!(entry in (workspace.manifest.exports ?? {})))
          violations.push(`${where}: ${specifier} is no public entry of ${target}`)
      }
      graph.set(file, targets)
    }
    const cycle = findCycle(graph)
    if (cycle) violations.push(`cycle: ${cycle.map(file => relative(root, file)).join(' -> ')}`)
  }
  return { modules: packages.reduce((sum, p) => sum + p.files.length, 0), violations }
}
