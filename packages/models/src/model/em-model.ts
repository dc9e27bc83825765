import type { Coordinates, EMModel } from '@conjugate/em'
import type { Prediction } from '@conjugate/executors'
import type { Matrix, Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { StepError } from '../errors.js'
import type { BoundLabels, Inferred, LabelTypes } from '../labels/label-model.js'
import type { ComponentTypes, LoadedComponents, OnePass } from './component-model.js'
import { withLater } from './later.js'
import type { CarriedParameters, ModelParameters, ModelStatistics } from './model.js'

/** Both halves of a model with the observations, and what is known of their labels. */
export interface OpenModel<C extends ComponentTypes, L extends LabelTypes> {
  readonly loaded: LoadedComponents<C>
  readonly bound: BoundLabels<L>
  readonly states: number
  /** N x K: log factors by which a row speaks for its labels besides its values; -Infinity where one is impossible. */
  readonly evidence?: Float64Array
  /** Of labels that are independent: what each row counts for. */
  readonly rowWeights?: Vector
}

/** What is not learnt, but stays as it starts: components by their numbers, and what is learnt of labels by its name. */
export interface Fixed {
  readonly components?: ReadonlyArray<number>
  readonly [name: string]: boolean | ReadonlyArray<number> | undefined
}

/** N x K log densities, with what else is known of the rows. */
export const logDensitiesOf = <C extends ComponentTypes, L extends LabelTypes>(
  { loaded, evidence }: OpenModel<C, L>,
  components: ReadonlyArray<C['component']>,
  into?: Float64Array,
): TE.TaskEither<StepError, Float64Array> =>
  pipe(
    loaded.logDensities(components, into),
    TE.map(logs => {
      if (evidence) for (let i = 0; i < logs.length; i++) logs[i]! += evidence[i]!
      return logs
    }),
  )

/** What one pass over the rows can tell, where labels are independent and it holds all that is known of them. */
interface InOnePass<C extends ComponentTypes, L extends LabelTypes> {
  readonly pass: OnePass<C>
  readonly weights: NonNullable<BoundLabels<L>['groupWeights']>
}

export const inOnePass = <C extends ComponentTypes, L extends LabelTypes>({
  loaded: { onePass: pass, holdsEvidence = false, groups = 1 },
  bound: { groupWeights: weights },
  evidence,
}: OpenModel<C, L>): InOnePass<C, L> | undefined =>
  pass && weights?.count === groups && (evidence === undefined || holdsEvidence) ? { pass, weights } : undefined

const sumWith = (values: Vector, weights: Vector | undefined): number => {
  let total = 0
  for (let i = 0; i < values.length; i++)
    if (weights === undefined || weights[i] !== 0) total += (weights?.[i] ?? 1) * values[i]!
  return total
}

/** Responsibilities that count as their rows do, in place. */
const weigh = (q: Float64Array, states: number, weights: Vector | undefined): Float64Array => {
  if (weights) for (let n = 0, i = 0; i < q.length; n++) for (const end = i + states; i < end; i++) q[i]! *= weights[n]!
  return q
}

/** N_1, ..., N_K. */
const countsOf = (q: Float64Array, states: number): Float64Array => {
  const counts = new Float64Array(states)
  for (let i = 0; i < q.length; ) for (let k = 0; k < states; k++, i++) counts[k]! += q[i]!
  return counts
}

/** The posterior of the labels, and the log densities of all rows that it is from, which are spent. */
const inferred = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: CarriedParameters<C, L>,
  into?: Float64Array,
): TE.TaskEither<StepError, Inferred<L['counts']> & { readonly spent: Float64Array }> =>
  pipe(
    logDensitiesOf(open, parameters.components, into),
    TE.map(spent => ({
      ...open.bound.infer(open.bound.potentials(parameters), spent, parameters.carry, true),
      spent,
    })),
  )

type Expect<C extends ComponentTypes, L extends LabelTypes> = EMModel<
  CarriedParameters<C, L>,
  ModelStatistics<C, L>,
  StepError
>['expect']

const expectInOnePass =
  <C extends ComponentTypes, L extends LabelTypes>(
    { pass, weights }: InOnePass<C, L>,
    sequence?: object,
  ): Expect<C, L> =>
  parameters =>
    pipe(
      pass.expectation(parameters.components, weights.logWeights(parameters), sequence),
      TE.map(found =>
        withLater(
          {
            logLikelihood: found.logLikelihood,
            statistics: {
              components: found.statistics,
              counts: found.counts,
              labels: weights.counts(found.groupCounts),
              parameters,
            },
          },
          { rounding: () => found.rounding },
        ),
      ),
    )

const expectInThree = <C extends ComponentTypes, L extends LabelTypes>(open: OpenModel<C, L>): Expect<C, L> => {
  /** Log densities of the step before, whose memory is used again. */
  let last: Float64Array | undefined
  const taken = (): Float64Array | undefined => {
    const into = last
    last = undefined
    return into
  }
  return parameters =>
    pipe(
      TE.fromIO(taken),
      TE.chain(into => inferred(open, parameters, into)),
      TE.chain(({ responsibilities, counts: labels, logLikelihoods, carry, spent }) => {
        const { loaded, states, rowWeights } = open
        const q = weigh(responsibilities, states, rowWeights)
        return pipe(
          loaded.weightedStatistics(parameters.components, q),
          TE.bindTo('components'),
          TE.let('counts', () => countsOf(q, states)),
          TE.map(({ components, counts }) => {
            if (!carry) last = spent
            return withLater(
              {
                logLikelihood: sumWith(logLikelihoods, rowWeights),
                statistics: {
                  components,
                  counts,
                  labels,
                  parameters,
                  logLikelihoods,
                  ...(carry && { carry }),
                },
              },
              { rounding: () => loaded.roundingOfDensities?.(parameters.components, counts) ?? 0 },
            )
          }),
        )
      }),
    )
}

const holding =
  <C extends ComponentTypes, L extends LabelTypes>(
    { components: numbers = [], ...names }: Fixed,
    initial: ModelParameters<C, L>,
  ) =>
  (found: CarriedParameters<C, L>): CarriedParameters<C, L> => {
    const held: Record<string, unknown> = { ...found }
    for (const [name, isFixed] of Object.entries(names))
      if (isFixed === true) held[name] = (initial as Readonly<Record<string, unknown>>)[name]
    held['components'] = found.components.map((c, k) => (numbers.includes(k) ? initial.components[k]! : c))
    return held as unknown as CarriedParameters<C, L>
  }

/** log p(theta) in nats, of parameters about the centre; of posteriors, minus their divergence from the prior. */
export const logPriorOf =
  <C extends ComponentTypes, L extends LabelTypes>({ bound, loaded }: OpenModel<C, L>) =>
  (parameters: ModelParameters<C, L>): number =>
    bound.logPrior(parameters) + loaded.logPrior(parameters.components)

/**
 * The one E-step and M-step of every model, for points and for posteriors, about the centre of the computation. What is fixed
 * stays as it is in the initial parameters. E-steps of a sequence follow each other, as those of a path do.
 */
export const emModelOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  fixed?: Fixed,
  initial?: ModelParameters<C, L>,
  sequence?: object,
): EMModel<CarriedParameters<C, L>, ModelStatistics<C, L>, StepError> => {
  const { loaded, bound } = open
  const pass = inOnePass(open)
  const hold = fixed && initial ? holding(fixed, initial) : undefined
  return {
    expect: pass ? expectInOnePass(pass, sequence) : expectInThree(open),
    maximize: ({ labels: counts, parameters, components, carry }) => {
      const labels = bound.maximize(counts, parameters)
      if (E.isLeft(labels)) return labels
      const found = loaded.maximize(components)
      if (E.isLeft(found)) return found
      const all: CarriedParameters<C, L> = {
        ...labels.right,
        components: found.right,
        ...(carry && { carry }),
      }
      return E.right(hold ? hold(all) : all)
    },
    logPrior: logPriorOf(open),
    rounding: ({ components }, { statistics, logLikelihood }) =>
      loaded.rounding(components, statistics.counts, logLikelihood),
  }
}

/** What a model says of each row: the marginal probabilities of its labels, N x K. */
export const responsibilitiesOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
): TE.TaskEither<StepError, Matrix> => {
  const one = inOnePass(open)
  return one
    ? one.pass.responsibilities(parameters.components, one.weights.logWeights(parameters))
    : pipe(
        inferred(open, parameters),
        TE.map(({ responsibilities }) => ({
          rows: open.loaded.rows,
          columns: open.states,
          data: responsibilities,
        })),
      )
}

/** The most probable labels of each unit as a whole. */
export const assignmentsOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
): TE.TaskEither<StepError, Int32Array> => {
  const one = inOnePass(open)
  return one
    ? one.pass.assignments(parameters.components, one.weights.logWeights(parameters))
    : pipe(
        logDensitiesOf(open, parameters.components),
        TE.map(logs => open.bound.decode(open.bound.potentials(parameters), logs)),
      )
}

/** log p(x | theta) of each unit (row, sequence or image), in nats. */
export const logProbOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
): TE.TaskEither<StepError, Float64Array> => {
  const one = inOnePass(open)
  return one
    ? one.pass.logProb(parameters.components, one.weights.logWeights(parameters))
    : pipe(
        inferred(open, parameters),
        TE.map(({ logLikelihoods }) => logLikelihoods),
      )
}

/** All that a model says of observations: the three above, from as few passes as may be. */
export const predictionOf = <C extends ComponentTypes, L extends LabelTypes>(
  open: OpenModel<C, L>,
  parameters: ModelParameters<C, L>,
): TE.TaskEither<StepError, Prediction> => {
  const one = inOnePass(open)
  return one
    ? one.pass.prediction(parameters.components, one.weights.logWeights(parameters))
    : pipe(
        logDensitiesOf(open, parameters.components),
        TE.map(logs => {
          const potentials = open.bound.potentials(parameters)
          const { responsibilities, logLikelihoods: logProb } = open.bound.infer(potentials, logs)
          return {
            assignments: open.bound.decode(potentials, logs),
            responsibilities: { rows: open.loaded.rows, columns: open.states, data: responsibilities },
            logProb,
          }
        }),
      )
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
