import { dot, tabulate, type Vector } from '@conjugate/linalg'
import type { Random } from '../random.js'

/**
 * Draws unit vectors about a direction mu of D numbers: a cosine by rejection from a transformed beta, then a direction about the mean.
 * Source: Wood, Simulation of the von Mises Fisher distribution (1994), algorithm VM*, with 1 - cosine in place of the cosine.
 */
export const drawDirection = (mu: Vector, concentration: number): ((random: Random) => Vector) => {
  const freedom = mu.length - 1
  const unit = Math.max(concentration, freedom)
  const b = freedom / unit / (2 * (concentration / unit) + Math.hypot(2 * (concentration / unit), freedom / unit))
  const start = (2 * b) / (1 + b)
  // kappa start, where kappa is so great that start is hardly a number of float64.
  const fall =
    concentration > freedom
      ? (2 * freedom) / (2 + Math.hypot(2, freedom / concentration)) / (1 + b)
      : concentration * start
  const defect = (random: Random): number => {
    for (;;) {
      const [g, h] = [random.gamma(0.5 * freedom), random.gamma(0.5 * freedom)]
      // 1 - cosine in units of its start.
      const share = (g * (1 + b)) / (h + b * g)
      const logRatio = fall * (1 - share) + freedom * Math.log((1 + share - start * share) / (2 - start))
      if (logRatio >= Math.log(1 - random.uniform())) return start * share
    }
  }
  return random => {
    const s = defect(random)
    const normals = tabulate(mu.length, () => random.normal())
    const along = dot(normals)(mu)
    const across = tabulate(mu.length, i => normals[i]! - along * mu[i]!)
    const factor = Math.sqrt(s * (2 - s)) / Math.hypot(...across)
    return tabulate(mu.length, i => (1 - s) * mu[i]! + factor * across[i]!)
  }
}
