import type { Kernel } from '../kernel/kernel.js'

const counted = (threads: number): string => `${threads} thread${threads === 1 ? '' : 's'}`

const inWords = ({ variant }: Pick<Kernel, 'variant'>, threads: string, why: string | undefined): string =>
  `wasm (${variant}, float64, ${threads}${why === undefined ? '' : `: ${why}`})`

/** Where rows have been computed, for a person: on so many threads, why on no more, and where rows are that are not in memory. */
export const describeThreads = (
  kernel: Pick<Kernel, 'variant'>,
  threads: number,
  why?: string,
  where?: string,
): string => inWords(kernel, where === undefined ? counted(threads) : `${counted(threads)}, ${where}`, why)

/** Where rows will be computed. */
export const describeMost = (kernel: Pick<Kernel, 'variant'>, most: number, why?: string): string =>
  inWords(kernel, `up to ${counted(most)}`, why)
