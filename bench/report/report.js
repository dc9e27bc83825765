import { REFERENCE, withThreads } from '../contestants/list.js'
import { TOLERANCE } from '../measure/agreement.js'
import { best, median } from '../measure/statistics.js'
import { apartTable } from './apart.js'
import { foregroundTable } from './foregrounds.js'
import { goalTable } from './goals.js'
import { iterationTables, shares } from './iterations.js'
import { figure, table } from './markdown.js'
import { roadTable } from './road.js'
import { tablesTable } from './tables.js'

/** @typedef {import('../types.js').Findings} Findings */

/** Who took part, in which version. @param {Findings} findings */
const versions = ({ datasets }) => {
  const named = datasets.flatMap(({ results }) =>
    results.flatMap(({ contestant: { title, threads }, version }) =>
      version === undefined ? [] : [/** @type {const} */ ([`${title}, threads: ${threads}`, version])],
    ),
  )
  return [...new Map(named)]
}

/** @param {Findings} findings */
const limitsText = ({ limits, datasets }) =>
  typeof limits === 'string'
    ? `Not measured: ${limits}`
    : [
        table([
          ['threads', 'GB/s read', 'GFLOP/s of AVX2 multiply-adds'],
          ...limits.map(l => [String(l.threads), figure(l.readGigabytes), figure(l.gigaflops)]),
        ]),
        '',
        shares(datasets, limits, [REFERENCE, withThreads(REFERENCE, 2), 'avx2']),
      ].join('\n')

/** @param {Findings} findings */
const endToEndTable = ({ endToEnd }) =>
  [
    table([
      ['', 'best s', 'median s'],
      ...endToEnd
        .filter(({ seconds }) => seconds.length > 0)
        .map(({ what, seconds }) => [what, figure(best(seconds)), figure(median(seconds))]),
    ]),
    ...endToEnd.flatMap(({ what, error }) => (error === undefined ? [] : [`\n- not measured: ${what}: ${error}`])),
  ].join('\n')

/** The results as Markdown. @param {Findings} findings */
export const report = findings =>
  `# Results of \`pnpm bench\`

Made by \`pnpm bench\`, whose [README](README.md) says how; not edited by hand.

${table([['', ''], ...[...findings.machine, ...versions(findings)].map(([what, value]) => [what, value])])}

## Goals

Ratios are of best times, at the data set where they are worst.

${goalTable(findings)}

## Milliseconds an iteration

Full covariances, float64. Best and median of ${findings.repetitions} repetitions in turn. "agrees": within
${TOLERANCE.toExponential(0)} of the log-likelihood that ours finds in the same iteration from the same start, for the same objective (posterior
or likelihood).

${iterationTables(findings.datasets)}
${findings.skipped.map(line => `\n- not measured: ${line}`).join('')}

## Share of the machine

${limitsText(findings)}

## Around the E-step

Starts, predictions, draws and hidden Markov models (an iteration of one), in one thread, milliseconds of processor time. An E-step is
there to compare with. k-means of ours begins ten times on a sample, that of scikit-learn once on all rows.

${roadTable(findings.road)}

## Foregrounds

From a box, in one thread, after ${'`'}segment${'`'} has been called before. "Stroke" is a cut of all pixels after one, from the flow of the cut before.

${foregroundTable(findings.foregrounds)}

## Clusters apart

Milliseconds of processor time an iteration, in one thread, of fits of 30 iterations from near the truth: with everything computed,
and where what rounds away is left out ("steady" is the best iteration of the second half, "fit" the mean of all).

${apartTable(findings.apart)}

## Tables and counts

The best milliseconds of processor time, in one thread: reading data that is given in rows or in columns, laying it out and loading it;
an E-step; and a whole fit of ten iterations from given parameters (StepMix from random ones).

${tablesTable(findings.tables)}

## End to end

${endToEndTable(findings)}
`.replace(/\n{3,}/g, '\n\n')
