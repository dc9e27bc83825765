import type { InvalidParameter, Random, Translation } from '@conjugate/distributions'
import type { Coordinates } from '@conjugate/em'
import type { Schema } from '@conjugate/em/schema'
import type { Densities } from '@conjugate/executors'
import type { Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ComponentTypes } from '../model/component-model.js'
import { placesOf } from './centre.js'
import type { Form } from './forms/form.js'
import { unplanned } from './forms/row-plan.js'
import { independentComponents } from './independent-components.js'
import type { ComponentSteps, DesignMatrix, MixtureParts } from './mixture.js'

type Moving<T extends ComponentTypes> = Translation<T['posterior'], T['component'], T['observation'], T['statistics']>

/** What stands for a component: a member of the likelihood at its mode, or a posterior. `T` are the types of the pair. */
export interface ComponentEstimate<T extends ComponentTypes, M> {
  /** What a component has to be. */
  readonly check: (prior: T['posterior']) => Schema
  readonly densities: (components: ReadonlyArray<M>) => Densities
  readonly maximize: (prior: T['posterior'], statistics: T['statistics']) => E.Either<InvalidParameter, M>
  readonly logPrior: (prior: T['posterior']) => (component: M) => number
  readonly priorSize: (prior: T['posterior']) => (component: M) => number
  readonly coordinates: Coordinates<M>
  readonly move: (shift: ReturnType<Moving<T>['toCentred']>) => (component: M) => M
  readonly locationOf: (translation: Moving<T>) => (component: M) => T['observation']
  readonly componentAt?: (prior: T['posterior']) => (row: Vector) => M
  readonly sample: (component: M) => (random: Random) => T['observation']
  /** Whether no prior keeps components from the boundary of their family, or from single rows. */
  readonly isBare?: boolean
}

const identity = <A>(a: A): A => a

/** What components are made of, whatever stands for one. */
export interface ComponentSides<T extends ComponentTypes> {
  readonly form: Form<T>
  /** How everything moves with the observations, where members have a location. */
  readonly translation?: Moving<T> | undefined
  /** One for each component. */
  readonly priors: ReadonlyArray<T['posterior']>
  readonly noise?: number | undefined
}

/** The types of a pair where `M` stands for a component. */
export interface Standing<T extends ComponentTypes, M> extends ComponentTypes {
  readonly data: T['data']
  readonly component: M
  readonly posterior: T['posterior']
  readonly statistics: T['statistics']
  readonly observation: T['observation']
}

/** What follows from each prior: from one that several components have, once. */
const ofEachPrior = <Q, A>(priors: ReadonlyArray<Q>, of: (prior: Q) => A): ReadonlyArray<A> => {
  const known = new Map<Q, A>()
  for (const prior of priors) if (!known.has(prior)) known.set(prior, of(prior))
  return priors.map(prior => known.get(prior)!)
}

const stepsOf = <T extends ComponentTypes, M>(
  { form }: ComponentSides<T>,
  priors: ReadonlyArray<T['posterior']>,
  estimate: ComponentEstimate<T, M>,
): ComponentSteps<Standing<T, M>> =>
  independentComponents<Standing<T, M>, Densities>({
    densities: estimate.densities,
    statistics: form.statistics,
    maximize: priors.map(prior => statistics => estimate.maximize(prior, statistics)),
    logPrior: ofEachPrior(priors, estimate.logPrior),
    rounding: form.rounding,
    priorSize: ofEachPrior(priors, estimate.priorSize),
    coordinates: estimate.coordinates,
  })

const designMatrixOf =
  <T extends ComponentTypes, M>(
    sides: ComponentSides<T>,
    estimate: ComponentEstimate<T, M>,
  ): MixtureParts<Standing<T, M>>['designMatrix'] =>
  (source, centring = {}) => {
    const { translation, form } = sides
    const { densityForm } = form
    const locationOf = translation && estimate.locationOf(translation)
    return pipe(
      form.designMatrix(source, sides.priors[0]!, placesOf(centring, locationOf)),
      E.map(({ centre, ...rows }): DesignMatrix<Standing<T, M>> => {
        const moves = centre === undefined ? undefined : translation
        const fromCentred = moves?.fromCentred(centre!)
        const toCentred = moves?.toCentred(centre!)
        const componentAt = estimate.componentAt?.(sides.priors[0]!)
        return {
          ...rows,
          ...(centre !== undefined && { centre }),
          densityForm,
          steps: stepsOf(sides, toCentred ? sides.priors.map(toCentred.prior) : sides.priors, estimate),
          toCentred: toCentred ? estimate.move(toCentred) : identity,
          fromCentred: fromCentred ? estimate.move(fromCentred) : identity,
          statisticsFromCentred: fromCentred ? fromCentred.statistics : identity,
          ...(componentAt && { componentAt }),
          ...(estimate.isBare && { isBare: true }),
        }
      }),
    )
  }

/** Components in which something stands for each, by the name and the definition that tell them from others. */
export const partsOf = <T extends ComponentTypes, M>(
  sides: ComponentSides<T>,
  estimate: ComponentEstimate<T, M>,
  told: Pick<MixtureParts<T>, 'name' | 'definition' | 'statistics' | 'freeParameters'>,
): MixtureParts<Standing<T, M>> => {
  const { priors, noise, form } = sides
  return {
    ...told,
    family: form.family,
    isTable: form.isTable === true,
    ...(form.columns && { columns: form.columns }),
    count: priors.length,
    steps: stepsOf(sides, priors, estimate),
    designMatrix: designMatrixOf(sides, estimate),
    plan: (names, centre) => form.plan?.(names, priors[0]!, centre) ?? unplanned('a form that tells no plan'),
    component: estimate.check(priors[0]!),
    sample: estimate.sample,
    ...(noise !== undefined && { noise }),
  }
}
