/** A Gaussian in the plane; the covariance is symmetric positive definite. */
export interface PlanarGaussian {
  readonly mean: readonly [number, number]
  readonly covariance: readonly [readonly [number, number], readonly [number, number]]
}

export interface Point {
  readonly x: number
  readonly y: number
}

const STEPS = 128

/** The closed curve `deviations` standard deviations from the mean: the image of a circle under the Cholesky factor. */
export const ellipse = ({ mean, covariance }: PlanarGaussian, deviations: number): readonly Point[] => {
  const [[xx, xy], [, yy]] = covariance
  const a = Math.sqrt(xx)
  const b = xy / a
  const c = Math.sqrt(yy - b * b)
  return Array.from({ length: STEPS + 1 }, (_, step) => {
    const angle = (2 * Math.PI * step) / STEPS
    const [u, v] = [deviations * Math.cos(angle), deviations * Math.sin(angle)]
    return { x: mean[0] + a * u, y: mean[1] + b * u + c * v }
  })
}
