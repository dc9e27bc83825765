// What the bench measures, part by part: a new one is a new row, and what it found is told by its name.
import { installModels, sizeOf } from '../scripts/install/into-empty-folder.js'
import { REFERENCE, withThreads } from './contestants/list.js'
import { TOLERANCE } from './measure/agreement.js'
import { measureApart } from './measure/apart.js'
import { measureBlocks } from './measure/blocks.js'
import { measureDatabases } from './measure/databases.js'
import { measureDocuments } from './measure/documents.js'
import { measureImport, measureSegment } from './measure/end-to-end.js'
import { measureForegrounds } from './measure/foregrounds.js'
import { measureIterations } from './measure/iterations.js'
import { measureMemory } from './measure/memory.js'
import { measureRoad } from './measure/road.js'
import { measureScaling } from './measure/scaling.js'
import { measureTables } from './measure/tables.js'
import { measureTensors } from './measure/tensors.js'
import { apartTable } from './report/apart.js'
import { blocksTable } from './report/blocks.js'
import { databasesTable } from './report/databases.js'
import { documentTable } from './report/documents.js'
import { endsTable } from './report/ends.js'
import { foregroundTable } from './report/foregrounds.js'
import { iterationTables, limitsText } from './report/iterations.js'
import { memoryTable } from './report/memory.js'
import { roadTable } from './report/road.js'
import { scalingPlot, scalingTable } from './report/scaling.js'
import { tablesTable } from './report/tables.js'
import { tensorsTable } from './report/tensors.js'

/**
 * @template A
 * @typedef {object} Part
 * @property {string} name what `--only` knows it by
 * @property {string} title
 * @property {string} about
 * @property {(settings: import('./types.js').Settings) => Promise<A> | A} measure
 * @property {(found: A) => string} show
 * @property {(found: A) => Readonly<Record<string, string>>} [files] pictures that belong to it
 */

/** @template A @param {Part<A>} one @returns {Part<any>} */
const part = one => one

/** @type {ReadonlyArray<Part<any>>} */
export const parts = [
  part({
    name: 'road',
    title: 'Around the E-step',
    about: `Starts, predictions, draws and hidden Markov models (an iteration of one), in one thread, milliseconds of processor time. An
E-step is there to compare with. k-means of ours begins ten times on a sample, that of scikit-learn once on all rows.`,
    measure: measureRoad,
    show: roadTable,
  }),
  part({
    name: 'tables',
    title: 'Tables and counts',
    about: `The best milliseconds of processor time, in one thread: reading data that is given in rows or in columns, laying it out and
loading it; an E-step; and a whole fit of ten iterations from given parameters (StepMix from random ones).`,
    measure: measureTables,
    show: tablesTable,
  }),
  part({
    name: 'databases',
    title: 'Rows in DuckDB',
    about: `An E-step of full Gaussians, the least milliseconds of processor time: by one SQL aggregate where the rows are, by our kernel over
rows that DuckDB reads in every pass, and over rows in memory.`,
    measure: measureDatabases,
    show: databasesTable,
  }),
  part({
    name: 'documents',
    title: 'Documents',
    about: `Sparse rows: whole fits of ten iterations from k-means, in one thread, milliseconds of processor time, and the most memory that the
process held in four of them. Ours begins k-means three times; the peer, the same model by the sparse matrices of SciPy, takes that of scikit-learn, once.`,
    measure: measureDocuments,
    show: documentTable,
  }),
  part({
    name: 'files',
    title: 'Rows that are not in memory',
    about: `An E-step over a scratch file, or over what DuckDB reads from a parquet file in every pass, in milliseconds of processor time, and
how many times what the same rows take in memory, in one thread.`,
    measure: measureBlocks,
    show: blocksTable,
  }),
  part({
    name: 'tensors',
    title: 'Tensors',
    about: `Kernels on a backend of TensorFlow.js in Node, and the same by way of the calling thread, in the least milliseconds of processor
time. Those of GPUs are not measured without a card.`,
    measure: measureTensors,
    show: tensorsTable,
  }),
  part({
    name: 'apart',
    title: 'Clusters apart',
    about: `Milliseconds of processor time an iteration, in one thread, of fits from near the truth, of 30 iterations or of 10 where clusters
are closest: with everything computed, and where what rounds away is left out ("steady" is the best iteration of the second half,
"fit" the mean of all). Digits are those of scikit-learn, twenty times with noise, by 32 principal components.`,
    measure: measureApart,
    show: apartTable,
  }),
  part({
    name: 'foregrounds',
    title: 'Foregrounds',
    about: `From a box, in one thread, after \`segment\` has been called before, milliseconds of processor time. "Stroke" is a cut of all
pixels after one, from the flow of the cut before.`,
    measure: measureForegrounds,
    show: foregroundTable,
  }),
  part({
    name: 'memory',
    title: 'Memory',
    about: 'The most that a process held, Node included.',
    measure: measureMemory,
    show: memoryTable,
  }),
  part({
    name: 'ends',
    title: 'End to end',
    about: 'What a person waits for, in seconds of the clock.',
    measure: ({ quick, folder }) => [...measureSegment(quick ? 2 : 5, folder), ...measureImport(quick ? 5 : 15)],
    show: endsTable,
  }),
  part({
    name: 'installed',
    title: 'Installed',
    about: 'What npm installs for a mixture.',
    measure: async () => sizeOf(await installModels((await import('./measure/fresh-folder.js')).freshFolder())),
    show: ({ packages, megabytes }) => `${packages} packages, ${megabytes.toFixed(1)} MB on a disk.`,
  }),
  part({
    name: 'iterations',
    title: 'Milliseconds an iteration',
    about: `Full covariances, float64, best and median of repetitions in turn. "agrees": within ${TOLERANCE.toExponential(0)} of the log-likelihood that ours
finds in the same iteration from the same start, for the same objective (posterior or likelihood).`,
    measure: measureIterations,
    show: ({ datasets, skipped, limits }) =>
      [
        iterationTables(datasets),
        ...skipped.map((/** @type {string} */ line) => `- not measured: ${line}`),
        '### Share of the machine',
        limitsText(datasets, limits, [REFERENCE, withThreads(REFERENCE, 2), 'avx2']),
      ].join('\n\n'),
  }),
  part({
    name: 'scaling',
    title: 'How the cost grows',
    about: `Milliseconds of processor time of an iteration in one thread, with everything computed, by the number of rows (K = 8, D = 3),
of columns (K = 4) and of components (D = 4).

![Milliseconds of an iteration, ours and scikit-learn's, by rows, columns and components](scaling.svg)`,
    measure: measureScaling,
    show: scalingTable,
    files: found => ({ 'scaling.svg': scalingPlot(found) }),
  }),
]
