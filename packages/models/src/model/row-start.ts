import type { Matrix } from '@conjugate/linalg'

/**
 * Where EM starts, told by rows. A mixture whose prior says how wide a component is (a normal-inverse-Wishart) starts about
 * rows: with labels at the mean of their prior, covariances Sigma_0 and the rows as means. Any other starts with an M-step from
 * the nearest rows of each, in units of the columns' standard deviations. Where that gives probabilities or rates of exactly 0,
 * which EM never leaves, or no component at all, and always by maximum likelihood, nine tenths of a row count for its own group
 * and the rest for all of them.
 * - `distinct-rows`: rows of different values, drawn at random; two equal components would stay equal for ever.
 * - `random-rows`: rows drawn with replacement.
 * - `rows`: the rows of these K indices.
 * - `k-means`: an M-step from the clusters of Lloyd's algorithm that starts at rows far from each other (k-means++); hard or
 *   soft ones as above.
 * - `labels`: an M-step from given components of the rows, taken as they are; -1 where none is known.
 * - `responsibilities`: an M-step from an N x K matrix of nonnegative numbers, what each row counts for each component.
 */
export type RowStart =
  | { readonly _tag: 'distinct-rows' }
  | { readonly _tag: 'random-rows' }
  | { readonly _tag: 'rows'; readonly indices: ReadonlyArray<number> }
  | { readonly _tag: 'k-means' }
  | { readonly _tag: 'labels'; readonly labels: ArrayLike<number> }
  | { readonly _tag: 'responsibilities'; readonly responsibilities: Matrix }
