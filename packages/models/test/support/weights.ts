import type { Dirichlet } from '@conjugate/distributions'

/** The Dirichlet prior of the weights of a mixture. */
export const weightsPriorOf = (mixture: { readonly labels: { readonly definition: unknown } }): Dirichlet =>
  mixture.labels.definition as Dirichlet
