import type { Matrix } from '@conjugate/linalg'

/** Rows that are as far from each other as observations differ. */
export interface Comparable {
  readonly rows: Matrix
  /** How many columns, from the first on, tell observations apart. */
  readonly features: number
}
