import { checkArgument } from '@conjugate/em'
import { object } from '@conjugate/em/schema'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { FitError } from '../errors.js'
import type { BoundLabels, LabelModel, LabelTypes, Trait } from '../labels/label-model.js'
import { type OfRows, rowFields, rowIndependent, sharedWeights } from '../labels/row-independent.js'
import type { Weights } from './mixture.js'

/** The types of the labels of a mixture: independent, with weights `W` for all rows. */
export interface WeightLabels<W> extends LabelTypes {
  readonly labels: { readonly weights: W }
  readonly posterior: never
  readonly counts: { readonly weights: Float64Array }
  readonly structure: OfRows
  readonly traits: Exclude<Trait, 'variational'>
}

/** The weights of a mixture as a label model. */
export const weightLabels = <W>(weights: Weights<W>): LabelModel<WeightLabels<W>> => {
  const { count: states, draw } = weights
  const named = E.map((found: W) => ({ weights: found }))
  const potentials = (labels: { readonly weights: W }): { readonly weights: Float64Array } => ({
    weights: Float64Array.from(weights.logWeights(labels.weights)),
  })
  return {
    name: 'weights',
    definition: null,
    states,
    kind: 'exact',
    structure: rowFields,
    freeParameters: states - 1,
    bind: (rows, structure): TE.TaskEither<FitError, BoundLabels<WeightLabels<W>>> =>
      TE.right({
        ...rowIndependent(rows, states, 1, undefined, structure?.rowWeights),
        initial: { weights: weights.initial },
        size: states,
        maximize: counts => named(weights.maximize(counts.weights)),
        logPrior: labels => weights.logPrior(labels.weights),
        coordinates: {
          toVector: labels => weights.coordinates.toVector(labels.weights),
          fromVector: vector =>
            pipe(
              weights.coordinates.fromVector(vector),
              E.map(found => ({ weights: found })),
            ),
        },
        potentials,
        // Counts of posteriors are numbers, as weights are.
        permute: order => labels => ({
          ...labels,
          weights:
            labels.weights instanceof Float64Array
              ? (labels.weights.map((_, k, all) => all[order[k] ?? k]!) as unknown as W)
              : weights.permute(order)(labels.weights),
        }),
        check: given =>
          pipe(
            checkArgument('start', object({ weights: weights.check }))(given),
            E.map(checked => ({ weights: (checked as { readonly weights: W }).weights })),
          ),
        sharedWeights: sharedWeights(potentials),
        ...(draw && { draw: counts => random => named(draw(counts.weights)(random)) }),
      }),
  }
}
