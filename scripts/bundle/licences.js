// The licences of what a bundle holds of other packages, and the notices in their files.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The folder of the package that a file belongs to. */
const packageOf = file => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1]

/** Comments that name who wrote what a file was made from. */
const noticesIn = file =>
  [...readFileSync(file, 'utf8').matchAll(/\/\*[\s\S]*?\*\//g)]
    .map(([comment]) => comment.replace(/^\/\*+\s*|\s*\*+\/$/g, '').replaceAll(/^[ \t]*\* ?/gm, ''))
    .filter(text => /## Notice|copyright \(c\)/i.test(text))
    .map(text => text.slice(Math.max(0, text.indexOf('## Notice'))).replace(/^## Notice\s*/, ''))
    .map(text => text.replace(/\n@\w[\s\S]*$/, '').trim())

const textsIn = folder =>
  readdirSync(folder)
    .filter(name => /^(licen[cs]e|notice|copying)/i.test(name))
    .sort()
    // Below the same licence, packages of stdlib name what they were made from.
    .flatMap(name => readFileSync(join(folder, name), 'utf8').split(/^(?=DEPENDENCIES & ATTRIBUTION)/m))
    .map(text => text.trim())

const grouped = pairs => {
  const groups = new Map()
  for (const [name, text] of pairs) groups.set(text, (groups.get(text) ?? new Set()).add(name))
  return [...groups].map(([text, names]) => `${[...names].sort().join(', ')}\n\n${text}`)
}

/** @param {ReadonlyArray<string>} files of a bundle */
export const licencesOf = files => {
  const inlined = files.filter(file => packageOf(file) !== undefined)
  const folders = [...new Set(inlined.map(packageOf))].sort()
  const nameOf = folder => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    return `${name} ${version}`
  }
  const texts = folders.flatMap(folder => textsIn(folder).map(text => [nameOf(folder), text]))
  const notices = inlined.flatMap(file => noticesIn(file).map(text => [nameOf(packageOf(file)), text]))
  const rule = `\n\n${'-'.repeat(80)}\n\n`
  return `${['The files of this folder contain code of the following packages.', ...grouped([...texts, ...notices])].join(rule)}\n`
}
