// Writes the references of this folder: those of a folder of all of them that are short. `node select.js FOLDER`
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Of mixtures: the toy experiment of the assignment, a full prior, and what is hard in few rows. */
const mixtures = [
  'em_toy_seed404',
  'em_hyper_all_full',
  'em_ill_constant_column',
  'em_ill_dead_component_alpha2',
  'em_ill_duplicates_5_distinct_k3',
  'em_ill_n1',
  'em_ill_n_lt_kd',
  'em_ill_offset1e6_mu0_at_data',
]

/** Of distributions: the cases of so many characters at most. */
const LONGEST = 2500

const isShort = value => JSON.stringify(value).length <= LONGEST

/** Each number by the shortest digits of its float64; without an exponent some languages read whole ones as longer integers. */
const json = value =>
  JSON.stringify(value).replaceAll(/(?<=[[:,])-?\d{17,}(?=[\],}])/g, digits => Number(digits).toExponential())

/** A part to a line, and of long lists one item. */
const textOf = value => {
  const list = (items, open, close) => `${open}\n${items.join(',\n')}\n${close}`
  const lines = Object.entries(value).map(([key, part]) => {
    const long = Array.isArray(part) && !isShort(part)
    return `${JSON.stringify(key)}: ${long ? list(part.map(json), '[', ']') : json(part)}`
  })
  return `${list(lines, '{', '}')}\n`
}

const read = path => {
  const { split: _, ...rest } = JSON.parse(readFileSync(path, 'utf8'))
  return rest
}

const shortened = path => {
  const all = read(path)
  return 'cases' in all ? { ...all, cases: all.cases.filter(isShort) } : all
}

/**
 * The files of the selection from a folder of all references, by their paths.
 * @param {string} folder
 * @returns {ReadonlyMap<string, string>}
 */
export const selected = folder =>
  new Map([
    ...mixtures.map(name => [`${name}.json`, textOf(read(join(folder, `${name}.json`)))]),
    ...readdirSync(join(folder, 'distributions'))
      .filter(file => file.endsWith('.json'))
      .sort()
      .map(file => [`distributions/${file}`, textOf(shortened(join(folder, 'distributions', file)))]),
  ])

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , from = ''] = process.argv
  for (const [path, text] of selected(from)) {
    const to = fileURLToPath(new URL(path, import.meta.url))
    mkdirSync(dirname(to), { recursive: true })
    writeFileSync(to, text)
  }
}
