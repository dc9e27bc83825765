/**
 * What foregrounds of photos are like: a logistic regression of the share of an atom that is foreground on its six features, in the
 * order of `featuresOf`. It was fitted to the 256 atoms of 16 photos of the GrabCut set of which masks are known, each of which
 * counted once, with a Gaussian prior of variance 2 on the weights. None of the photos of the course is among them.
 */
export const PRIOR: { readonly bias: number; readonly weights: ReadonlyArray<number> } = {
  bias: -2.709,
  weights: [-0.508, -1.105, 0.932, 0.568, -0.132, -0.756],
}
