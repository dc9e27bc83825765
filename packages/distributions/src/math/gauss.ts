/** Gauss-Legendre nodes and weights of ten points, of which the other five are mirrored. Source: NIST DLMF, table 3.5.2. */
const GAUSS = [
  [0.1488743389816312, 0.2955242247147529],
  [0.4333953941292472, 0.2692667193099963],
  [0.6794095682990244, 0.219086362515982],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.0666713443086881],
] as const

/** The integral of a smooth f from 0 to 1. */
export const integrateUnit = (f: (u: number) => number): number => {
  let sum = 0
  for (const [node, weight] of GAUSS) sum += weight * (f(0.5 * (1 - node)) + f(0.5 * (1 + node)))
  return 0.5 * sum
}
