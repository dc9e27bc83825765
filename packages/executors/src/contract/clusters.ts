/** K clusters of rows. */
export interface Clusters {
  /** The rows that they began at, by their places: fewer than K, and no clusters, where there are not as many different ones. */
  readonly seeds: ReadonlyArray<number>
  /** The cluster of each of N rows. */
  readonly clusters: Int32Array
}

/**
 * Rows that are told apart by squared distances, in units of the standard deviations of their columns unless some are told to have
 * one in common. Constant columns do not count, and a cell that is missing is at the mean of its column.
 */
export interface ClusterableRows {
  /** The nearest of K rows for each row, the first one on ties. */
  readonly nearestTo: (places: ArrayLike<number>) => Int32Array
  /**
   * Clusters by Lloyd's algorithm, until fewer than one row in a thousand changes, in 20 rounds at most. It begins ten times at rows far
   * from each other (k-means++), on 2048 rows where there are more, and goes on with the beginning whose clusters are closest together.
   * Of 2^16 rows or more it first goes on, in 50 rounds at most, with one in 16, but no more than 2^16, and then with all until a move of
   * the centres lowers the squared distances by less than 2^-14 of them.
   * Where numbers are compared as they are it begins three times, and each row of a beginning is the best of ten (greedy k-means++).
   * Where a single column has gaps between as many groups, and these explain the rows better, clusters are by that column alone: squared
   * distances see such groups worse, the more columns say nothing of them. The seed is a whole number from 0 to 2^53 - 1. Source: Arthur
   * and Vassilvitskii, k-means++: the advantages of careful seeding (2007); Celebi et al., A comparative study of efficient initialization
   * methods for the k-means clustering algorithm (2013).
   */
  readonly kMeans: (seed: number) => Clusters
}

/** How rows are to be told apart. */
export interface ClusterOptions {
  /** K, how many clusters there are to be. */
  readonly count: number
  /** How many columns count, from the first on; all by default. */
  readonly features?: number
  /**
   * How many of these, from the first on, have units of their own; all by default. The others have one in common: their numbers are compared as
   * they are. Where there are such, no column is looked at by itself.
   */
  readonly ownUnits?: number
  /** One positive finite weight for each row: a row of weight w counts as w copies. */
  readonly rowWeights?: ArrayLike<number> | undefined
}
