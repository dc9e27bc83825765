import {
  diagonalNormal,
  dirichlet,
  dirichletPrior,
  gamma,
  gammaPoissonPrior,
  multivariateNormal,
  normal,
  normalInverseGamma,
  normalInverseGammaPrior,
  normalInverseWishart,
  normalInverseWishartPriorOf,
  poisson,
  productPrior,
  random,
} from '@conjugate/distributions'
import { identity, type Matrix } from '@conjugate/linalg'
import {
  type ComponentTypes,
  componentsOf,
  conjugateMixture,
  diagonalGaussianMixture,
  gaussianMixture,
  groupedLabels,
  independentLabels,
  type Labels,
  type LabelTypes,
  type Model,
  type ModelParameters,
  markovChain,
  modelOf,
  poissonMixture,
} from '@conjugate/models'
import { right } from '@conjugate/testing'
import { grid } from './own/grid.js'
import { lineLogProb, lines, type Point } from './own/lines.js'
import { sticks } from './own/sticks.js'

/** A model, observations that are few enough to sum over all their labels, and its densities by hand. */
export interface ModelCase<C extends ComponentTypes, L extends LabelTypes> {
  readonly name: string
  readonly model: Model<C, L>
  readonly data: ReadonlyArray<unknown> & C['data']
  readonly options: L['structure'] & { readonly labels?: Labels; readonly rowLogPriors?: Matrix }
  /** log p(x | component k); 0 of what was not observed. */
  readonly density: (component: C['component'], x: never) => number
  /** log p(z) at what is learnt of labels. */
  readonly labels: (p: ModelParameters<C, L>, z: ReadonlyArray<number>) => number
  /** The log density of noise, which is the last component. */
  readonly noise?: number
}

type AnyCase = ModelCase<ComponentTypes, LabelTypes>
const row = <C extends ComponentTypes, L extends LabelTypes>(c: ModelCase<C, L>): AnyCase => c as unknown as AnyCase

const stream = random(21)
const shared = { components: 2, concentration: 2 }
const counts = [1, 0, 9, 12, 2, 8, 11]
const points = Array.from({ length: 7 }, (_, n) => [3 * (n % 2) + stream.normal(), stream.normal()])
const withGaps = <A>(values: ReadonlyArray<A>, ...gaps: ReadonlyArray<number>): ReadonlyArray<A | null> =>
  values.map((v, n) => (gaps.includes(n) ? null : v))

const poissons = right(poissonMixture({ ...shared, prior: { shape: 1.5, rate: 0.2 } }))
const gaussians = right(
  gaussianMixture({ ...shared, prior: { mean: [1, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) } }),
)
const noisy = right(
  gaussianMixture({
    ...shared,
    noise: -4,
    prior: { mean: [1, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) },
  }),
)
const diagonal = right(
  diagonalGaussianMixture({ ...shared, prior: { mean: [1, 0], meanPrecision: 0.1, shape: 2, scale: [1, 1] } }),
)
const tables = right(
  conjugateMixture(productPrior({ x: normalInverseGammaPrior, n: gammaPoissonPrior }))({
    ...shared,
    prior: {
      x: right(normalInverseGamma.make({ mean: 1, meanPrecision: 0.1, shape: 2, scale: 1 })),
      n: right(gamma.make({ shape: 2, rate: 0.5 })),
    },
  }),
)

const blocks = right(
  conjugateMixture(productPrior({ at: normalInverseWishartPriorOf(2), n: gammaPoissonPrior, kind: dirichletPrior(3) }))(
    {
      ...shared,
      prior: {
        at: right(
          normalInverseWishart.make({ mean: [1, 0], meanPrecision: 0.1, degreesOfFreedom: 4, scale: identity(2) }),
        ),
        n: right(gamma.make({ shape: 2, rate: 0.5 })),
        kind: right(dirichlet.make({ concentration: [2, 2, 3] })),
      },
    },
  ),
)
/** A block of two numbers that vary together, a count and a category, of which some are missing. */
const rowsWithBlocks = points.map((at, n) => ({
  at: n === 2 || n === 5 ? null : Array.from(at),
  n: n === 5 ? null : counts[n]!,
  kind: n === 0 ? null : n % 3,
}))
const ofRowWithBlock = (
  c: {
    readonly at: Parameters<typeof multivariateNormal.logProb>[0]
    readonly n: Parameters<typeof poisson.logProb>[0]
    readonly kind: { readonly probabilities: ArrayLike<number> }
  },
  { at, n, kind }: (typeof rowsWithBlocks)[number],
): number =>
  (at === null ? 0 : multivariateNormal.logProb(c.at)(at)) +
  (n === null ? 0 : poisson.logProb(c.n)(n)) +
  (kind === null ? 0 : Math.log(c.kind.probabilities[kind]!))

const chainWeight =
  (states: number, lengths: ReadonlyArray<number>) =>
  (
    { initial, transitions }: { readonly initial: Float64Array; readonly transitions: Float64Array },
    z: ReadonlyArray<number>,
  ): number => {
    let [sum, first] = [0, 0]
    for (const length of lengths) {
      for (let n = first; n < first + length; n++)
        sum += Math.log(n === first ? initial[z[n]!]! : transitions[z[n - 1]! * states + z[n]!]!)
      first += length
    }
    return sum
  }

const groups = [0, 1, 1, 0, 2, 1, 2]
const groupWeight = ({ weights }: { readonly weights: ArrayLike<number> }, z: ReadonlyArray<number>): number =>
  z.reduce((sum, k, n) => sum + Math.log(weights[2 * groups[n]! + k]!), 0)
const ofVector = (c: never, x: ArrayLike<number> | null) => (x === null ? 0 : multivariateNormal.logProb(c)(x as never))
const chain = right(markovChain({ states: 2, initialConcentration: 2, transitionConcentration: 1.5 }))

/** Every kind of components under every distribution of labels: a new one is a new row. */
export const models: ReadonlyArray<AnyCase> = [
  row({
    name: 'counts, a chain',
    model: right(modelOf(componentsOf(poissons), chain)),
    data: counts,
    options: {},
    density: (c, x) => poisson.logProb(c)(x),
    labels: chainWeight(2, [7]),
  }),
  row({
    name: 'counts with gaps, chains of which one is a single row',
    model: right(modelOf(componentsOf(poissons), chain)),
    data: withGaps(counts, 1, 4),
    options: { lengths: [3, 1, 3] },
    density: (c, x: number | null) => (x === null ? 0 : poisson.logProb(c)(x)),
    labels: chainWeight(2, [3, 1, 3]),
  }),
  row({
    name: 'full Gaussians with gaps at both ends, a chain with labels that are known',
    model: right(modelOf(componentsOf(gaussians), chain)),
    data: withGaps(points, 0, 3, 6),
    options: { labels: [-1, 1, -1, -1, 0, -1, -1] },
    density: ofVector as never,
    labels: chainWeight(2, [7]),
  }),
  row({
    name: 'Gaussians and noise, a chain',
    model: right(modelOf(componentsOf(noisy), right(markovChain({ states: 3, transitionConcentration: 2 })))),
    data: withGaps(points, 2),
    options: {},
    density: ofVector as never,
    labels: chainWeight(3, [7]),
    noise: -4,
  }),
  row({
    name: 'diagonal Gaussians, groups with weights of their own',
    model: right(modelOf(componentsOf(diagonal), right(groupedLabels(3, [2, 1.5])))),
    data: points,
    options: { groups },
    density: (c, x) => diagonalNormal.logProb(c)(x),
    labels: groupWeight,
  }),
  row({
    name: 'a table with missing cells, groups with weights of their own, what another says of the labels',
    model: right(modelOf(componentsOf(tables), right(groupedLabels(3, [2, 1.5])))),
    data: points.map(([x], n) => ({ x: n === 2 ? null : x!, n: n === 2 || n === 5 ? null : counts[n]! })),
    options: {
      groups,
      rowLogPriors: { rows: 7, columns: 2, data: Float64Array.from({ length: 14 }, (_, i) => (i === 3 ? -1.5 : 0)) },
    },
    density: (
      c: { readonly x: Parameters<typeof normal.logProb>[0]; readonly n: Parameters<typeof poisson.logProb>[0] },
      row: { readonly x: number | null; readonly n: number | null },
    ) => (row.x === null ? 0 : normal.logProb(c.x)(row.x)) + (row.n === null ? 0 : poisson.logProb(c.n)(row.n)),
    labels: groupWeight,
  }),
  row({
    name: 'a table with a full Gaussian beside counts and categories, a chain with gaps',
    model: right(modelOf(componentsOf(blocks), chain)),
    data: withGaps(rowsWithBlocks, 3),
    options: {},
    density: ((c: never, x: (typeof rowsWithBlocks)[number] | null) =>
      x === null ? 0 : ofRowWithBlock(c, x)) as never,
    labels: chainWeight(2, [7]),
  }),
  row({
    name: 'a table with a full Gaussian beside counts and categories, independent labels',
    model: right(modelOf(componentsOf(blocks), right(independentLabels([2, 1.5])))),
    data: rowsWithBlocks,
    options: {},
    density: ofRowWithBlock as never,
    labels: ({ weights }, z) => z.reduce((sum, k) => sum + Math.log(weights[k]!), 0),
  }),
  row({
    name: 'counts, sticks of a model of somebody else',
    model: right(modelOf(componentsOf(poissons), sticks(2, 1.5))),
    data: counts,
    options: {},
    density: (c, x) => poisson.logProb(c)(x),
    labels: ({ weights }, z) => z.reduce((sum, k) => sum + Math.log(weights[k]!), 0),
  }),
  row({
    name: 'pixels, a grid of a model of somebody else',
    model: right(modelOf(componentsOf(gaussians), grid([0, 0.2], 0.7))),
    data: [...withGaps(points, 3), points[1]!, points[2]!],
    options: { width: 3 },
    density: ofVector as never,
    // Up to its normaliser, as the objective is.
    labels: ({ field, interaction }, z) =>
      z.reduce((sum, k, n) => {
        const right = n % 3 < 2 && z[n + 1] === k ? 1 : 0
        return sum + field[k]! + interaction[0]! * (right + (z[n + 3] === k ? 1 : 0))
      }, 0),
  }),
  row({
    name: 'lines, components of somebody else, a chain',
    model: right(modelOf(lines(2, 4), chain)),
    data: withGaps(
      points.map(([x, y]): Point => [1 + y!, x! * (1 + y!)]),
      2,
    ),
    options: { lengths: [4, 3] },
    density: ({ slope }, x: Point | null) => (x === null ? 0 : lineLogProb(slope, x)),
    labels: chainWeight(2, [4, 3]),
  }),
  row({
    name: 'counts, independent labels',
    model: right(modelOf(componentsOf(poissons), right(independentLabels([2, 2])))),
    data: counts,
    options: {},
    density: (c, x) => poisson.logProb(c)(x),
    labels: ({ weights }, z) => z.reduce((sum, k) => sum + Math.log(weights[k]!), 0),
  }),
]
