import type { InvalidParameter } from '@conjugate/distributions'
import { anyNumber, numbers } from '@conjugate/em/schema'
import { tabulate } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import { checkCount, checkNumbers, concentrationsOf, invalidLabels, invalidStructure } from './checks.js'
import { dirichletPoints, dirichletPosteriors } from './dirichlet-labels.js'
import type { LabelEstimate, LabelModel, LabelPosteriors, LabelTypes, Trait } from './label-model.js'
import { type OfRows, rowFields, rowIndependent, sharedWeights } from './row-independent.js'
import { simplices } from './simplices.js'

/** K weights, or G x K where each group of rows has weights of its own; or the concentrations of their posteriors. */
export type LabelWeights = { readonly weights: Float64Array }

interface OfWeights<Structure> extends LabelTypes {
  readonly labels: LabelWeights
  readonly posterior: LabelWeights
  readonly counts: LabelWeights
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
  groupOf: (rows: number, structure: Structure) => E.Either<FitError, Int32Array | undefined>,
): LabelModel<OfWeights<Structure>> => {
  const { states } = shared
  const groups = concentration.length / states
  const parts = { weights: simplices(concentration, states) }
  const permute =
    (order: ReadonlyArray<number>) =>
    ({ weights }: LabelWeights): LabelWeights => ({
      weights: weights.map((_, i) => weights[i - (i % states) + order[i % states]!]!),
    })
  const bind =
    <A extends Pick<LabelEstimate<LabelWeights, LabelWeights>, 'potentials'>>(estimate: A) =>
    (rows: number, structure: Structure) =>
      pipe(
        TE.fromEither(groupOf(rows, structure)),
        TE.map(group => ({
          ...estimate,
          permute,
          ...(groups === 1 && { sharedWeights: sharedWeights(estimate.potentials) }),
          ...rowIndependent(rows, states, groups, group, structure?.rowWeights),
        })),
      )
  const constant = { ...shared, kind: 'exact' as const, freeParameters: parts.weights.size - groups }
  const [points, posteriors] = [dirichletPoints<LabelWeights>(parts, states), dirichletPosteriors<LabelWeights>(parts)]
  return {
    ...constant,
    bind: bind(points),
    check: points.check,
    variational: (): LabelModel<LabelPosteriors<OfWeights<Structure>>> => ({
      ...constant,
      name: `variational ${shared.name}`,
      bind: bind(posteriors),
      check: posteriors.check,
    }),
  }
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
    E.map(alpha =>
      ofWeights<OfRows>(
        {
          name: 'independent labels',
          definition: { concentration: alpha },
          states: alpha.length,
          structure: rowFields,
        },
        alpha,
        () => E.right(undefined),
      ),
    ),
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
