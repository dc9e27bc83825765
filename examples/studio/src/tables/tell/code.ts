import type { Plan } from '../fit/plan.js'
import {
  blockName,
  CONCENTRATION,
  concentrationOf,
  halfScaleOf,
  MEAN_PRECISION,
  powerOf,
  rateOf,
  rounded,
  SHAPE,
  SHAPE_OF_RATES,
  scaleOf,
} from '../fit/prior.js'
import { type Column, type Kind, MISSING, type Reading } from '../table.js'

/** What was done, as far as code has to say it. */
export interface Done {
  /** The name of the file. */
  readonly file: string
  readonly reading: Reading
  readonly columns: ReadonlyArray<Column>
  readonly plan: Plan
  readonly criterion: 'bic' | 'icl' | 'aic'
  /** The numbers of components that are compared: one where it was chosen by hand. */
  readonly counts: ReadonlyArray<number>
  readonly restarts: number
  readonly seed: number
}

const quoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) && name !== '__proto__' ? name : quoted(name))

const listOf = (items: ReadonlyArray<string | number>): string => `[${items.join(', ')}]`

const objectOf = (fields: ReadonlyArray<readonly [string, string]>): string =>
  fields.length === 0 ? '{}' : `{ ${fields.map(([key, value]) => `${keyOf(key)}: ${value}`).join(', ')} }`

/** What `parseCsv` takes a column for by itself, as far as its cells are other numbers then. */
const kindsToSay = ({ columns, plan }: Done): ReadonlyArray<readonly [string, string]> => {
  const chosen = new Map<string, Kind>([
    ...plan.numbers.map(({ name }) => [name, 'number'] as const),
    ...plan.counts.map(({ name }) => [name, 'count'] as const),
    ...plan.categories.map(({ name }) => [name, 'category'] as const),
  ])
  return columns.flatMap(({ name, isRecognisedAs }) => {
    const kind = chosen.get(name)
    const isSame = kind === undefined || (kind === 'category') === (isRecognisedAs === 'category')
    return isSame ? [] : [[name, quoted(kind)] as const]
  })
}

const optionsOfFile = (done: Done): string => {
  const { header, decimal, missing } = done.reading
  const kinds = kindsToSay(done)
  const fields: ReadonlyArray<readonly [string, string]> = [
    ...(header ? [] : [['header', 'false'] as const]),
    ...(decimal === ',' ? [['decimal', quoted(',')] as const] : []),
    ...(missing.length > 0 ? [['missing', listOf([...MISSING, ...missing].map(quoted))] as const] : []),
    ...(kinds.length > 0 ? [['columns', objectOf(kinds)] as const] : []),
  ]
  return fields.length === 0 ? '' : `, ${objectOf(fields)}`
}

/** A column of a product: its name, the pair, its prior, and what has to be imported for them. */
interface Part {
  readonly name: string
  readonly pair: string
  readonly prior: string
  readonly imports: ReadonlyArray<string>
}

const blockOf = (plan: Plan): Part => {
  const scale = scaleOf(plan.numbers).map(row => listOf(row))
  const prior = objectOf([
    ['mean', listOf(plan.numbers.map(({ mean }) => rounded(mean)))],
    ['meanPrecision', String(MEAN_PRECISION)],
    ['degreesOfFreedom', String(plan.numbers.length + 2)],
    ['scale', `${listOf(scale)}.map(row => row.map(x => x * volume))`],
  ])
  return {
    name: blockName(plan),
    pair: `normalInverseWishartPriorOf(${plan.numbers.length})`,
    prior: `normalInverseWishart.make(${prior})`,
    imports: ['normalInverseWishart', 'normalInverseWishartPriorOf'],
  }
}

const numbersOf = (plan: Plan): ReadonlyArray<Part> =>
  plan.numbers.map(column => {
    const prior = objectOf([
      ['mean', String(rounded(column.mean))],
      ['meanPrecision', String(MEAN_PRECISION)],
      ['shape', String(SHAPE)],
      ['scale', `${halfScaleOf(column)} * volume`],
    ])
    return {
      name: column.name,
      pair: 'normalInverseGammaPrior',
      prior: `normalInverseGamma.make(${prior})`,
      imports: ['normalInverseGamma', 'normalInverseGammaPrior'],
    }
  })

const partsOf = (plan: Plan): ReadonlyArray<Part> => [
  ...(plan.isBlock ? [blockOf(plan)] : numbersOf(plan)),
  ...plan.counts.map(column => ({
    name: column.name,
    pair: 'gammaPoissonPrior',
    prior: `gamma.make({ shape: ${SHAPE_OF_RATES}, rate: ${rateOf(column)} })`,
    imports: ['gamma', 'gammaPoissonPrior'],
  })),
  ...plan.categories.map(column => ({
    name: column.name,
    pair: `dirichletPrior(${column.levels.length})`,
    prior: `dirichlet.make({ concentration: new Array(${column.levels.length}).fill(${concentrationOf(column)[0]}) })`,
    imports: ['dirichlet', 'dirichletPrior'],
  })),
]

const fitLines = ({ counts, restarts, seed, criterion }: Done, data: string): ReadonlyArray<string> => {
  const options = objectOf([
    ['order', quoted('expected-count')],
    ...(restarts === 1 ? [] : [['restarts', String(restarts)] as const]),
    ...(seed === 0 ? [] : [['seed', String(seed)] as const]),
  ])
  return [
    `const candidates = await compareComponents(define, ${data}, ${listOf(counts)}, ${options})()`,
    `const best = bestBy(candidates, ${quoted(criterion)})`,
    'if (E.isLeft(best)) throw new Error(describeFitError(best.left))',
    'console.log(best.right.fit.weights, best.right.fit.assignments)',
  ]
}

const textOf = ({ file, reading: { encoding } }: Done): string =>
  encoding === 'utf-8'
    ? `readFileSync(${quoted(file)}, 'utf8')`
    : `new TextDecoder(${quoted(encoding)}).decode(readFileSync(${quoted(file)}))`

const readLines = (done: Done, names: string): ReadonlyArray<string> => [
  `const file = parseCsv(${textOf(done)}${optionsOfFile(done)})`,
  `const columns = pipe(file, E.chain(table => dataOf(table, ${names})))`,
  'if (E.isLeft(columns)) throw new Error(describeCsvError(columns.left))',
]

const importsOf = (models: ReadonlyArray<string>, distributions: ReadonlyArray<string>): ReadonlyArray<string> => [
  "import { readFileSync } from 'node:fs'",
  "import { dataOf, describeCsvError, parseCsv } from '@conjugate/csv'",
  ...(distributions.length > 0
    ? [`import { ${[...new Set(distributions)].sort().join(', ')} } from '@conjugate/distributions'`]
    : []),
  `import { ${[...models].sort().join(', ')} } from '@conjugate/models'`,
  "import * as E from 'fp-ts/lib/Either.js'",
  "import { pipe } from 'fp-ts/lib/function.js'",
  '',
]

/** Numbers alone: rows of them, and a Gaussian mixture that takes its prior from them. */
const ofNumbers = (done: Done): ReadonlyArray<string> => {
  const { plan } = done
  const mixture = plan.form === 'gaussian' ? 'gaussianMixture' : 'diagonalGaussianMixture'
  return [
    ...importsOf(['bestBy', 'compareComponents', 'describeFitError', mixture], []),
    `const names = ${listOf(plan.numbers.map(({ name }) => quoted(name)))}`,
    ...readLines(done, 'names'),
    'const rows = Array.from(columns.right[names[0]!]!, (_, n) => names.map(name => columns.right[name]![n]!))',
    '',
    `const define = (components: number) => ${mixture}({ components })`,
    ...fitLines(done, 'rows'),
  ]
}

/** Columns of any kind: a pair for each, whose priors are written out. */
const ofColumns = (done: Done): ReadonlyArray<string> => {
  const { plan } = done
  const parts = partsOf(plan)
  const { numbers, counts, categories, isBlock } = plan
  const names = [...numbers, ...counts, ...categories].map(({ name }) => name)
  const cells = [...(isBlock ? [] : numbers), ...counts, ...categories].map(
    ({ name }) => [name, `cells[${quoted(name)}]!`] as const,
  )
  const width = numbers.length
  const block = [
    `const names = ${listOf(numbers.map(({ name }) => quoted(name)))}`,
    `const rows = cells[names[0]!]!.length`,
    `const numbers = Float64Array.from({ length: ${width} * rows }, (_, i) => cells[names[i % ${width}]!]![Math.floor(i / ${width})]!)`,
  ]
  const ofBlock = [blockName(plan), `{ rows, columns: ${width}, data: numbers }`] as const
  return [
    ...importsOf(
      ['bestBy', 'compareComponents', 'conjugateMixture', 'describeFitError'],
      ['productPrior', ...parts.flatMap(p => p.imports)],
    ),
    ...readLines(done, listOf(names.map(quoted))),
    'const cells = columns.right',
    ...(isBlock ? block : []),
    `const data = ${objectOf(isBlock ? [ofBlock, ...cells] : cells)}`,
    '',
    `const pair = productPrior(${objectOf(parts.map(({ name, pair }) => [name, pair]))})`,
    'const define = (components: number) => {',
    ...(numbers.length > 0 ? [`  const volume = components ** (${powerOf(numbers)})`] : []),
    '  return pipe(',
    '    E.Do,',
    ...parts.map(({ name, prior }) => `    E.apS(${quoted(name)}, ${prior}),`),
    `    E.chain(prior => conjugateMixture(pair)({ components, concentration: ${CONCENTRATION}, prior })),`,
    '  )',
    '}',
    ...fitLines(done, 'data'),
  ]
}

/** TypeScript that reads the same file and gives the same numbers. */
export const codeOf = (done: Done): string =>
  `${(done.plan.form === 'product' ? ofColumns(done) : ofNumbers(done)).join('\n')}\n`
