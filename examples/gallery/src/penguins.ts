// A table of all kinds of columns with missing cells: which penguins are there?
//
// 344 penguins of three islands of the Palmer archipelago (Gorman, Williams and Fraser, Ecological sexual dimorphism and
// environmental variability within a community of Antarctic penguins, 2014; the data set palmerpenguins, public domain). Their species
// is known, and is kept from the model; two have not been measured at all, and of eleven the sex is not known.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataOf, describeCsvError, parseCsv } from '@conjugate/csv'
import {
  dirichlet,
  dirichletPrior,
  normalInverseWishart,
  normalInverseWishartPriorOf,
  productPrior,
} from '@conjugate/distributions'
import { compareAssignments, conjugateMixture, describeFitError, fit, predict } from '@conjugate/models'
import { describePlotError, scatter } from '@conjugate/plots'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

const file = new URL('../../studio/public/tables/penguins.csv', import.meta.url)
const table = parseCsv(readFileSync(file, 'utf8'))
if (E.isLeft(table)) throw new Error(describeCsvError(table.left))
const { columns } = table.right

// What varies together within a species is a block, which is there or missing as a whole; islands and sexes are categories.
const names = ['bill_length_mm', 'bill_depth_mm', 'flipper_length_mm', 'body_mass_g']
const scale = [1, 1, 1, 100]
const rows = columns['species']!.values.length
const size = {
  rows,
  columns: names.length,
  data: Float64Array.from({ length: rows * names.length }, (_, i) => {
    const column = i % names.length
    return Number(columns[names[column]!]!.values[(i - column) / names.length]) / scale[column]!
  }),
}
const chosen = dataOf(table.right, ['species', 'island', 'sex'])
if (E.isLeft(chosen)) throw new Error(describeCsvError(chosen.left))
const { species, ...categories } = chosen.right
const data = { size, ...categories }

const pair = productPrior({ size: normalInverseWishartPriorOf(4), island: dirichletPrior(3), sex: dirichletPrior(2) })
const prior = pipe(
  E.Do,
  E.bind('size', () =>
    normalInverseWishart.make({
      mean: [44, 17, 200, 42],
      meanPrecision: 0.01,
      degreesOfFreedom: 6,
      scale: [
        [9, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 40, 0],
        [0, 0, 0, 20],
      ],
    }),
  ),
  E.bind('island', () => dirichlet.make({ concentration: [1.5, 1.5, 1.5] })),
  E.bind('sex', () => dirichlet.make({ concentration: [1.5, 1.5] })),
)
const mixture = pipe(
  prior,
  E.chain(q => conjugateMixture(pair)({ components: 3, concentration: 2, prior: q })),
)

const result = await pipe(
  TE.Do,
  TE.bind('fitted', () =>
    fit(mixture, data, { seed: 1, restarts: 20, order: (a, b) => a.size.mean[2]! - b.size.mean[2]! }),
  ),
  TE.bind('predicted', ({ fitted }) => predict(mixture, fitted, data)),
)()
if (E.isLeft(result)) throw new Error(describeFitError(result.left))
const { fitted, predicted } = result.right

const agreement = compareAssignments(fitted.assignments, species)
if (E.isRight(agreement))
  console.log(`agreement with the species: ${agreement.right.adjustedRandIndex.toFixed(2)} (adjusted Rand index)`)
for (const [k, component] of fitted.components.entries())
  console.log(
    `component ${k + 1}: ${(100 * fitted.weights[k]!).toFixed(0)} %,`,
    `flippers of ${component.size.mean[2]!.toFixed(0)} mm, ${(100 * component.size.mean[3]!).toFixed(0)} g,`,
    `${Array.from(component.island.probabilities, p => (100 * p).toFixed(0)).join(' / ')} % on ${columns['island']!.kind === 'category' ? columns['island']!.levels.join(' / ') : ''}`,
  )
// One that was seen on Torgersen, and never measured.
const unseen = Array.from(fitted.components, (_, k) => predicted.responsibilities.data[3 * 3 + k]!.toFixed(2))
console.log(`the fourth penguin, of which the island alone is known: ${unseen.join(' ')}`)

const picture = scatter(size, {
  columns: [2, 0],
  title: 'Penguins of the Palmer archipelago',
  xLabel: 'Flipper (mm)',
  yLabel: 'Bill length (mm)',
  responsibilities: predicted.responsibilities,
  components: fitted.components.map(component => component.size),
  theme: 'light',
})
if (E.isLeft(picture)) throw new Error(describePlotError(picture.left))
const folder = process.argv[2] ?? 'gallery-output'
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'penguins.svg'), picture.right)
