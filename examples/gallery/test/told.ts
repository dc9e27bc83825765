/** What each program prints, in Node and in a page, and what its picture says of itself. */
export const told: Readonly<Record<string, { readonly prints: ReadonlyArray<RegExp>; readonly shows: RegExp }>> = {
  'rayleigh-waves': {
    // Drawn: two thirds of s = 0.25, one third of s = 4.
    prints: [
      /^calm: 6[5-9] % of the waves, significant height 1\.0 m$/m,
      /^rough: 3[1-5] % .* 3\.[89] m$/m,
      /^stopped by tolerance$/m,
    ],
    shows: /^1500 numbers from 0.* m?.*; the density of 2 components$/,
  },
  nile: {
    // As change points are found in the literature: the first year that is drier is 1899.
    prints: [/^state 1: 109\d \+- 12\d, 28 years$/m, /^state 2: 85\d \+- 12\d, 72 years$/m, /^it changed in 1899$/m],
    shows: /^100 points by Year and Flow/,
  },
  penguins: {
    prints: [
      /^agreement with the species: (0\.9[5-9]|1\.00)/m,
      /^component 3: 36 %, flippers of 217 mm/m,
      /alone is known: 0\.9\d 0\.0\d 0\.0\d$/m,
    ],
    shows: /^342 points .* 3 components; not drawn: 2 with a missing cell$/,
  },
  'mixture-density-network': {
    prints: [
      /after 300 steps$/m,
      /^tensors that 300 steps left behind: 0$/m,
      // Where the curve folds over itself there are three answers, and at its end one.
      /^x = 0\.5: y = 0\.[12] \(\d+ %\), 0\.[456] \(\d+ %\), 0\.[789] \(\d+ %\)$/m,
      /^x = 1: y = (0\.9|1\.0) \(\d+ %\)/m,
    ],
    shows: /^600 points by x and y/,
  },
  'mixture-prior': {
    prints: [/^tensors that 150 steps left behind: 0$/m, /^agreement with the kinds: (0\.9[5-9]|1\.00)$/m],
    shows: /^450 points .* 3 components/,
  },
  'map-by-gradient': {
    // By less than 1e-4.
    prints: [/^weights differ by \de-[5-9]$/m, /^means differ by \de-[5-9]$/m, /^covariances differ by \de-[5-9]$/m],
    shows: /objective|Iteration|iteration/,
  },
}
