import type { IndependentLabels } from '../labels/independent.js'
import type { ComponentTypes } from '../model/component-model.js'
import type { ModelFit } from '../model/fit.js'
import type { ModelFitOptions } from '../model/fit-options.js'

/** Options of `fit` for a mixture. */
export type FitOptions<T extends ComponentTypes> = ModelFitOptions<T, IndependentLabels> &
  IndependentLabels['structure']

/** The result of a fit of a mixture: the parameters of the best restart, what is known of them, and how that restart ended. */
export type MixtureFit<T extends ComponentTypes> = ModelFit<T, IndependentLabels>
