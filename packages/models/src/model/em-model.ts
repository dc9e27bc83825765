import type { Coordinates, EMModel } from '@conjugate/em'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { StepError } from '../errors.js'
import type { BoundLabels, LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes, LoadedComponents } from './component-model.js'
import type { CarriedParameters, ModelParameters, ModelStatistics } from './model.js'

/** Both halves of a model with the observations, and what is known of their labels. */
export interface OpenModel<C extends ComponentTypes, L extends LabelTypes> {
  readonly loaded: LoadedComponents<C>
  readonly bound: BoundLabels<L>
  readonly states: number
  /** N x K: log factors by which a row speaks for its labels besides its values; -Infinity where one is impossible. */
  readonly evidence?: Float64Array
}

/** N x K log densities, with what else is known of the rows. */
export const logDensitiesOf = <C extends ComponentTypes, L extends LabelTypes>(
  { loaded, evidence }: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
): TE.TaskEither<StepError, Float64Array> =>
  pipe(
    loaded.logDensities(parameters.components),
    TE.map(logs => {
      if (evidence) for (let i = 0; i < logs.length; i++) logs[i]! += evidence[i]!
      return logs
    }),
  )

const sum = (values: Vector): number => {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}

/** The one E-step and M-step of every model, for points and for posteriors. */
export const emModelOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
): EMModel<CarriedParameters<C, L>, ModelStatistics<C, L>, StepError> => {
  const { loaded, bound, states } = open
  return {
    expect: parameters =>
      pipe(
        logDensitiesOf(open, parameters),
        TE.map(logs => bound.infer(bound.potentials(parameters), logs, parameters.carry)),
        TE.chain(({ responsibilities, counts, logLikelihoods, carry }) => {
          const expectedCounts = new Float64Array(states)
          for (let i = 0; i < responsibilities.length; i++) expectedCounts[i % states]! += responsibilities[i]!
          return pipe(
            loaded.weightedStatistics(parameters.components, responsibilities),
            TE.map(components => ({
              logLikelihood: sum(logLikelihoods),
              statistics: {
                components,
                counts,
                parameters,
                expectedCounts,
                logLikelihoods,
                ...(carry && { carry }),
              },
            })),
          )
        }),
      ),
    maximize: ({ counts, parameters, components, carry }) => {
      const labels = bound.maximize(counts, parameters)
      if (E.isLeft(labels)) return labels
      const found = loaded.maximize(components)
      return E.isLeft(found)
        ? found
        : E.right<never, CarriedParameters<C, L>>({
            ...labels.right,
            components: found.right,
            ...(carry && { carry }),
          })
    },
    logPrior: parameters => bound.logPrior(parameters) + loaded.logPrior(parameters.components),
    rounding: (parameters, { statistics }) => loaded.rounding(parameters.components, statistics.expectedCounts),
  }
}

/** Labels, then components. What an E-step carries over is left out: a leap starts its own. */
export const coordinatesOf = <C extends ComponentTypes, L extends LabelTypes>({
  bound,
  loaded,
}: OpenModel<C, L>): Coordinates<CarriedParameters<C, L>> => ({
  toVector: parameters => {
    const [labels, components] = [
      bound.coordinates.toVector(parameters),
      loaded.coordinates.toVector(parameters.components),
    ]
    const all = new Float64Array(labels.length + components.length)
    all.set(labels)
    all.set(components, labels.length)
    return all
  },
  fromVector: vector => {
    const labels = bound.coordinates.fromVector(vector.slice(0, bound.size))
    if (E.isLeft(labels)) return labels
    const components = loaded.coordinates.fromVector(vector.slice(bound.size))
    return E.isLeft(components)
      ? components
      : E.right<never, CarriedParameters<C, L>>({ ...labels.right, components: components.right })
  },
})
