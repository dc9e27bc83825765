import type { Dirichlet, InvalidParameter } from '@conjugate/distributions'
import { anyNumber, numbers } from '@conjugate/em/schema'
import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { checkCount, checkNumbers, concentrationsOf, invalidLabels, invalidStructure } from './checks.js'
import { dirichletPoints, dirichletPosteriors } from './dirichlet-labels.js'
import type { LabelEstimate, LabelModel, LabelPosteriors, LabelTypes, Trait } from './label-model.js'
import { groupWeights, type OfRows, rowFields, rowIndependent } from './row-independent.js'
import { simplices } from './simplices.js'

/** K weights, or G x K where each group of rows has weights of its own; or the concentrations of their posteriors. */
export type LabelWeights = { readonly weights: Vector }

type WeightCounts = { readonly weights: Float64Array }

interface OfWeights<Structure> extends LabelTypes {
  readonly labels: LabelWeights
  readonly posterior: LabelWeights
  readonly counts: WeightCounts
  readonly structure: Structure
  readonly traits: Trait
}

/** The types of labels that are independent, with the same weights for all rows. */
export type IndependentLabels = OfWeights<OfRows>

/** The types of labels that are independent, with weights for each group of rows. */
export type GroupedLabels = OfWeights<
  OfRows & {
    /** The group of each row, from 0 to G - 1. */
    readonly groups: ArrayLike<number>
  }
>

type Shared = Pick<LabelModel<IndependentLabels>, 'name' | 'definition' | 'states' | 'structure'>

/** A label model of G x K weights, whose rows tell their group as the structure says. */
const ofWeights = <Structure extends OfRows>(
  shared: Shared,
  concentration: Float64Array,
  groupOf?: (rows: number, structure: Structure) => E.Either<FitError, Int32Array>,
): LabelModel<OfWeights<Structure>> => {
  const { states } = shared
  const groups = concentration.length / states
  const parts = { weights: simplices(concentration, states) }
  const permute =
    (order: ReadonlyArray<number>) =>
    ({ weights }: LabelWeights): LabelWeights => ({
      weights: tabulate(weights.length, i => weights[i - (i % states) + order[i % states]!]!),
    })
  /** The label model in which something is learnt of the weights. */
  const learning = <L extends LabelTypes>(
    name: string,
    points: Omit<LabelEstimate<LabelWeights, WeightCounts>, 'permute'>,
  ): LabelModel<L> => {
    const estimate: LabelEstimate<LabelWeights, WeightCounts> = {
      ...points,
      permute,
      groupWeights: groupWeights(groups, points.potentials),
    }
    const model: Omit<LabelModel<OfWeights<Structure>>, 'variational'> = {
      ...shared,
      name,
      kind: 'exact',
      isShared: groupOf === undefined,
      ...(groupOf && {
        groups: (structure: Structure) => ({ count: groups, of: (rows: number) => groupOf(rows, structure) }),
      }),
      freeParameters: parts.weights.size - groups,
      estimate,
      bind: (rows, structure) =>
        pipe(
          TE.fromEither(groupOf ? groupOf(rows, structure) : E.right(undefined)),
          TE.map(group => ({ ...estimate, ...rowIndependent(rows, states, groups, group, structure?.rowWeights) })),
        ),
    }
    return model as unknown as LabelModel<L>
  }
  return {
    ...learning<OfWeights<Structure>>(shared.name, dirichletPoints<WeightCounts, LabelWeights>(parts, states)),
    variational: () =>
      learning<LabelPosteriors<OfWeights<Structure>>>(
        `variational ${shared.name}`,
        dirichletPosteriors<WeightCounts, LabelWeights>(parts),
      ),
  }
}

/** The types of weights without a prior. */
export interface FreeLabels extends LabelTypes {
  readonly labels: LabelWeights
  readonly posterior: never
  readonly counts: WeightCounts
  readonly structure: OfRows
  readonly traits: Exclude<Trait, 'variational' | 'gibbs'>
}

const independentOf = (concentration: Float64Array): LabelModel<IndependentLabels> =>
  ofWeights<OfRows>(
    {
      name: 'independent labels',
      definition: { concentration },
      states: concentration.length,
      structure: rowFields,
    },
    concentration,
  )

/** The weights of a mixture. */
export const independent = ({ concentration }: Dirichlet): LabelModel<IndependentLabels> =>
  independentOf(Float64Array.from(concentration))

/** Weights of maximum likelihood, N_k / N, which start even. */
export const freeLabels = (states: number): LabelModel<FreeLabels> => {
  const { estimate: flat, bind } = independentOf(new Float64Array(states).fill(1))
  const { draw: _, ...estimate } = { ...flat!, logPrior: () => 0 }
  const model: Omit<LabelModel<IndependentLabels>, 'variational'> = {
    name: 'free weights',
    definition: { states },
    states,
    structure: rowFields,
    kind: 'exact',
    isShared: true,
    freeParameters: states - 1,
    estimate,
    bind: (rows, structure) =>
      pipe(
        bind(rows, structure),
        TE.map(({ draw: _draw, ...bound }) => ({ ...bound, ...estimate })),
      ),
  }
  return model as unknown as LabelModel<FreeLabels>
}

/**
 * Labels of rows that have nothing to do with each other: z_n ~ pi, pi ~ Dirichlet(`concentration`). A concentration of 0
 * forbids a component. Errors: a concentration is negative or not finite, or all are 0.
 */
export const independentLabels = (
  concentration: ArrayLike<number>,
): E.Either<InvalidParameter, LabelModel<IndependentLabels>> =>
  pipe(
    checkNumbers('concentration', concentration),
    E.chain(values => checkCount('concentration.length', values.length)),
    E.chain(states => concentrationsOf('concentration', concentration, states)),
    E.map(independentOf),
  )

/**
 * Labels of rows that come in G groups, such as the pupils of schools, with components that all groups share and weights of
 * their own: z_n ~ pi_g for a row of group g, pi_g ~ Dirichlet(`concentration`). Which group a row is of is told with the
 * rows, as `groups`. Errors: there are fewer groups than 1; a concentration is negative or not finite, or all are 0.
 */
export const groupedLabels = (
  groups: number,
  concentration: ArrayLike<number>,
): E.Either<InvalidParameter, LabelModel<GroupedLabels>> => {
  const states = concentration?.length
  return pipe(
    checkCount('groups', groups),
    E.chain(() => checkNumbers('concentration', concentration)),
    E.chain(() => checkCount('concentration.length', states)),
    E.chain(() => concentrationsOf('concentration', concentration, states)),
    E.chain(alpha =>
      groups * states <= 1e8
        ? E.right(tabulate(groups * states, i => alpha[i % states]!))
        : invalidLabels('groups', 'at most 1e8 weights', `${groups * states} weights`),
    ),
    E.map(alpha =>
      ofWeights<GroupedLabels['structure']>(
        {
          name: `labels of ${groups} groups`,
          definition: { groups, concentration: alpha.slice(0, states) },
          states,
          structure: { ...rowFields, groups: numbers(anyNumber) },
        },
        alpha,
        (rows, structure) => {
          const given = structure?.groups
          if (given?.length !== rows)
            return invalidStructure('groups', `${rows} numbers, one for each row`, given?.length ?? 'nothing')
          for (let n = 0; n < rows; n++)
            if (!(Number.isInteger(given[n]) && given[n]! >= 0 && given[n]! < groups))
              return invalidStructure(`groups[${n}]`, `a whole number from 0 to ${groups - 1}`, given[n])
          return E.right(Int32Array.from(given))
        },
      ),
    ),
  )
}
