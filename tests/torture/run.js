// Calls everything with what nobody would give it, and fits what nobody would fit.
//
//   pnpm torture calls [--count 20000] [--seed 1] [--only 'fit of gaussianMixture'] [--strict]
//   pnpm torture fits [--count 500] [--seed 1] [--moderate]
//
// `calls`: every public entry that promises an Either, with valid arguments of which one or two were changed into something
// else: nothing may throw, reject, hang or give a NaN, and each error is one line. `--strict` also puts in what is only there
// to break something, such as proxies that throw.
// `fits`: no NaN, no false alarm, no fall that goes unsaid, and the same end on two executors unless one unit in the last
// place of the data leads as far away. `--moderate` keeps to scales and weights that people have.
import { parseArgs } from 'node:util'
import { watch } from './support/watch.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    strict: { type: 'boolean', default: false },
    moderate: { type: 'boolean', default: false },
  },
})
const { only, strict, moderate } = values
const seed = Number(values.seed)

/** What there is to run: a module of cases, how many of them, and what it is told. */
const programs = {
  calls: ['./cases/calls.js', 20_000, { seed, only, strict }],
  fits: ['./cases/fits.js', 500, { seed, moderate }],
}

const names = positionals.length === 0 ? Object.keys(programs) : positionals
for (const name of names) {
  if (!(name in programs)) throw new Error(`there is no ${name} to run, expected ${Object.keys(programs).join(' or ')}`)
  const [module, usual, data] = programs[name]
  const count = Number(values.count ?? usual)
  const { violations, tried } = await watch(new URL(module, import.meta.url), count, data)
  for (const { kind, label, text, ...v } of violations) console.log(`${kind}: case ${v.case}, ${label}: ${text}`)
  console.log(`${name}: ${tried} tried, ${violations.length} violations`)
  if (violations.length > 0 || tried < count) process.exitCode = 1
}
