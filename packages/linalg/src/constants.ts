// Alone, so that whoever takes it takes no special function along.

/** log(2 pi), of which the log normaliser of a normal has half for each of its columns. */
export const LOG_2PI: number = Math.log(2 * Math.PI)
