import type { Densities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { LabelModel } from '../labels/label-model.js'
import type { ComponentModel } from '../model/component-model.js'
import { besideGaps, type MixtureComponents, plainComponents } from './components.js'
import { type ConjugateMixture, variationalMixture } from './conjugate.js'
import { mapFromData } from './from-data.js'
import type { Mixture } from './mixture.js'
import { type WeightLabels, weightLabels } from './weight-labels.js'

const isConjugate = (mixture: object): mixture is ConjugateMixture<unknown, unknown, unknown, unknown, unknown> =>
  'pair' in mixture && 'priors' in mixture

/** What conjugate priors add: posteriors, and draws from them. */
const conjugateComponents = <Source, Q, P, X, S, D extends Densities>(
  mixture: ConjugateMixture<Source, Q, P, X, S, D>,
  gaps: boolean,
): ComponentModel<MixtureComponents<Source, X, P, S, Q>> => ({
  ...plainComponents<Source, X, P, S, D, Vector, Q>(mixture, gaps),
  ...(mixture.fromData && {
    fromData: besideGaps(
      mapFromData(mixture.fromData, made => conjugateComponents(made as ConjugateMixture<Source, Q, P, X, S, D>, gaps)),
      gaps,
    ),
  }),
  variational: () => plainComponents(variationalMixture(mixture), gaps),
  algebra: {
    concat: k => mixture.pair.monoid(mixture.priors[k]!).concat,
    scale: mixture.pair.scale,
    maximize: mixture.steps.maximize,
  },
  draw: statistics => random =>
    pipe(
      statistics,
      E.traverseArrayWithIndex((k, s) =>
        pipe(
          mixture.pair.update(s)(mixture.priors[k]!),
          E.map(q => mixture.pair.family.sample(q)(random)),
        ),
      ),
    ),
})

/** Both halves of a mixture with conjugate priors, for what needs more of components than a fit. */
export const conjugateHalvesOf = <Source, Q, P, X, S, D extends Densities>(
  mixture: ConjugateMixture<Source, Q, P, X, S, D>,
): {
  readonly components: ComponentModel<MixtureComponents<Source, X, P, S, Q>>
  readonly labels: LabelModel<WeightLabels<Vector>>
} => ({ components: conjugateComponents(mixture, false), labels: weightLabels(mixture.weights) })

/** The components of a mixture, apart from the weights by which it says how their labels are distributed. */
export const componentsOf: {
  <Source, Q, P, X, S, D extends Densities>(
    mixture: ConjugateMixture<Source, Q, P, X, S, D>,
  ): ComponentModel<MixtureComponents<Source, X, P, S, Q>>
  <Source, X, P, S, D extends Densities, W>(
    mixture: Mixture<Source, X, P, S, D, W>,
  ): ComponentModel<MixtureComponents<Source, X, P, S>>
} = ((mixture: Mixture<never, never, never, never>) =>
  isConjugate(mixture) ? conjugateComponents(mixture, true) : plainComponents(mixture, true)) as never
