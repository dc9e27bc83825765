// What works on whole blocks, for `skipping.ts`: functions that the kernel exports, and that are compiled there.

export declare function logitsOf(x: usize, density: usize, l: usize, pairs: usize): void

export declare function subtract(number: usize, x: usize, means: usize, d: usize, columns: usize, pairs: usize): void

export declare function whiten(
  number: usize,
  d: usize,
  tile: usize,
  l: usize,
  i: usize,
  columns: usize,
  pairs: usize,
): void

export declare function softmax(block: u32, pairs: usize, components: u32): void

export declare function likelihood(block: u32, pairs: usize, partial: usize): void

export declare function statisticsOf(x: usize, density: usize, q: usize, partial: usize, pairs: usize): void

export declare function clearSums(totals: usize): void

export declare function foldLanes(totals: usize, target: usize): void
