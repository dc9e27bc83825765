import { describeMachine } from '../measure/machine.js'
import { parts } from '../parts.js'
import { goalTable } from './goals.js'
import { table } from './markdown.js'

/** @typedef {import('../types.js').Findings} Findings */

/** Who took part, in which version. @param {Findings} findings */
const versions = ({ iterations }) => {
  const named = (iterations?.datasets ?? []).flatMap(({ results }) =>
    results.flatMap(({ contestant: { title, threads }, version }) =>
      version === undefined ? [] : [/** @type {const} */ ([`${title}, threads: ${threads}`, version])],
    ),
  )
  return [...new Map(named)]
}

/**
 * The results as Markdown, as far as there are some.
 * @param {Findings} findings @param {ReadonlyMap<string, string>} failed why parts have none, by their names
 */
export const report = (findings, failed) =>
  [
    '# Results of `pnpm bench`',
    'Made by `pnpm bench`, whose [README](README.md) says how; not edited by hand.',
    table([['', ''], ...[...describeMachine(), ...versions(findings)].map(([what, value]) => [what, value])]),
    '## Goals',
    'Ratios are of best times, at the data set where they are worst.',
    goalTable(findings),
    ...parts.flatMap(({ name, title, about, show }) => {
      const found = /** @type {any} */ (findings)[name]
      const text =
        found === undefined ? `Not measured: ${failed.get(name) ?? 'the run has not come so far'}.` : show(found)
      return [`## ${title}`, about, text]
    }),
  ]
    .join('\n\n')
    .replace(/\n{3,}/g, '\n\n')
    .concat('\n')
