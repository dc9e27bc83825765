// pnpm bench: ours and its peers, side by side. README.md says what is measured and how.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { freshFolder } from './measure/fresh-folder.js'
import { differing } from './measure/iterations.js'
import { readOptions } from './options.js'
import { parts } from './parts.js'
import { setUp } from './peers/setup.js'
import { report } from './report/report.js'

process.on('SIGINT', () => process.exit(130))
process.on('SIGTERM', () => process.exit(143))

const { quick, only } = readOptions()
const failures = setUp()
const named = parts.filter(({ name }) => only.includes(name))
const ofIterations = only.length > 0 && named.length === 0
const taking = ofIterations ? parts.filter(({ name }) => name === 'iterations') : named.length > 0 ? named : parts
const settings = {
  quick,
  only: ofIterations ? only : [],
  repetitions: quick ? 3 : 5,
  folder: freshFolder(),
  failures,
  noPython: failures.get('python'),
}
const isWhole = !quick && only.length === 0
const fileOf = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))

/** @type {Record<string, any>} */
const findings = {}
/** @type {Map<string, string>} */
const failed = new Map()
for (const { name, title, measure, show, files } of taking) {
  const began = performance.now()
  console.log(`\n${title}`)
  try {
    findings[name] = await measure(settings)
    console.log(`\n${show(findings[name])}`)
    if (isWhole)
      for (const [file, text] of Object.entries(files?.(findings[name]) ?? {})) writeFileSync(fileOf(file), text)
  } catch (error) {
    failed.set(name, error instanceof Error ? error.message : String(error))
    console.error(`not measured: ${failed.get(name)}`)
    process.exitCode = 1
  }
  console.log(`\n(${((performance.now() - began) / 1000).toFixed(0)} s)`)
  // After every part, so that nothing is lost where a later one does not end.
  if (isWhole) writeFileSync(fileOf('RESULTS.md'), report(findings, failed))
}

const others = differing(findings['iterations'])
if (others.length > 0) {
  console.error(`log-likelihoods differ: ${others.join(', ')}`)
  process.exitCode = 1
}
