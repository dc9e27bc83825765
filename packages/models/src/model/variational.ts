import type { InvalidOption } from '@conjugate/em'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { tried } from '../checks/functions.js'
import { checkModel } from '../checks/model.js'
import type { Given } from '../door/dual.js'
import type { FitError } from '../errors.js'
import type { LabelPosteriors, LabelTypes } from '../labels/label-model.js'
import type { ComponentPosteriors, ComponentTypes } from './component-model.js'
import type { Model } from './model.js'

/** The model whose components and labels are posterior distributions. */
export type VariationalModel<C extends ComponentTypes, L extends LabelTypes> = Model<
  ComponentPosteriors<C>,
  LabelPosteriors<L>
>

/** A type that no model has which lacks a trait; the compiler prints its name. */
export type Needs<L extends LabelTypes, Trait extends LabelTypes['traits']> = Trait extends L['traits']
  ? unknown
  : { readonly 'this label model has no': Trait }

const missing = (expected: string): E.Either<InvalidOption, never> =>
  E.left({ _tag: 'InvalidOption', option: 'model', expected, received: 'one without' })

/** See `variational`. */
export const variationalModel = <C extends ComponentTypes, L extends LabelTypes>(
  model: Given<Model<C, L> & Needs<L, 'variational'>>,
): E.Either<FitError, VariationalModel<C, L>> =>
  tried(() =>
    pipe(
      checkModel<Model<C, L>>(model),
      E.chain((checked): E.Either<FitError, VariationalModel<C, L>> => {
        const { components, labels } = checked
        if (components.variational === undefined) return missing('components with conjugate priors')
        return labels.variational === undefined
          ? missing('labels with posteriors')
          : E.right({ ...checked, components: components.variational(), labels: labels.variational() })
      }),
    ),
  )
