// pnpm bench: ours and its peers, side by side. README.md says what is measured and how.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installModels, sizeOf } from '../scripts/install/into-empty-folder.js'
import { contestants, REFERENCE } from './contestants/list.js'
import { datasets } from './data/datasets.js'
import { TOLERANCE } from './measure/agreement.js'
import { measureApart } from './measure/apart.js'
import { measureImport, measureSegment } from './measure/end-to-end.js'
import { measureForegrounds } from './measure/foregrounds.js'
import { describeMachine, measureLimits } from './measure/machine.js'
import { measureRoad } from './measure/road.js'
import { compete } from './measure/rounds.js'
import { measureTables } from './measure/tables.js'
import { chosen, readOptions } from './options.js'
import { setUp } from './peers/setup.js'
import { apartTable } from './report/apart.js'
import { foregroundTable } from './report/foregrounds.js'
import { report } from './report/report.js'
import { roadTable } from './report/road.js'
import { tablesTable } from './report/tables.js'

const { quick, only } = readOptions()
const repetitions = quick ? 3 : 5
const failures = setUp()
const all = contestants(failures)
const taking = chosen(all, only)
const { datasets: sets, skipped } = datasets(quick)
const reference = all.find(({ name }) => name === REFERENCE) ?? taking[0]
const folder = mkdtempSync(join(tmpdir(), 'conjugate-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const noPython = failures.get('python')
if (only.includes('foregrounds')) {
  console.log(foregroundTable(await measureForegrounds(repetitions, folder, noPython)))
  process.exit(0)
}

if (only.includes('apart')) {
  console.log(apartTable(await measureApart(quick, folder, noPython)))
  process.exit(0)
}

if (only.includes('road')) {
  console.log(roadTable(await measureRoad(repetitions, folder, noPython)))
  process.exit(0)
}

if (only.includes('tables')) {
  console.log(tablesTable(await measureTables(quick, folder, noPython)))
  process.exit(0)
}

const limits = measureLimits(failures.get('machine'))
const found = []
for (const dataset of chosen(sets, only)) {
  const surroundings = { reference, repetitions, folder, say: console.log }
  found.push({ dataset, results: await compete(dataset, taking, surroundings) })
}
const endToEnd = [...measureSegment(quick ? 2 : 5, folder), ...measureImport(quick ? 5 : 15)]
const foregrounds = await measureForegrounds(repetitions, folder, noPython)
const apart = await measureApart(quick, folder, noPython)
const road = await measureRoad(repetitions, folder, noPython)
const tables = await measureTables(quick, folder, noPython)
const installed = sizeOf(await installModels(folder))
const text = report({
  machine: describeMachine(),
  repetitions,
  skipped,
  datasets: found,
  limits,
  endToEnd,
  foregrounds,
  apart,
  road,
  tables,
  installed,
})
console.log(`\n${text}`)
if (!quick && only.length === 0) writeFileSync(fileURLToPath(new URL('RESULTS.md', import.meta.url)), text)

const differing = found.flatMap(({ dataset, results }) =>
  results.flatMap(({ contestant, disagreement }) =>
    disagreement !== undefined && !(disagreement <= TOLERANCE) ? [`${contestant.name} on ${dataset.name}`] : [],
  ),
)
if (differing.length > 0) {
  console.error(`log-likelihoods differ: ${differing.join(', ')}`)
  process.exitCode = 1
}
