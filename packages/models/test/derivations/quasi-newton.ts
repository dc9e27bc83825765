import { combine, inner, minus, type Numbers, type Rows, range, square, times } from './plain.js'

const gradient = (f: (x: Numbers) => number, x: Numbers): number[] =>
  x.map((v, i) => {
    const step = 1e-5 * (1 + Math.abs(v))
    const at = (h: number) => f(x.map((u, j) => (i === j ? u + h : u)))
    return (at(step) - at(-step)) / (2 * step)
  })

/** The inverse Hessian after a step s that changed the gradient by y. */
const updated = (h: Rows, s: Numbers, y: Numbers): Rows => {
  const rho = 1 / inner(s, y)
  const hy = times(h, y)
  const cross = s.map((a, i) => s.map((b, j) => a * hy[j]! + hy[i]! * b))
  return combine([1, h], [-rho, cross], [rho * rho * inner(y, hy) + rho, square(s)])
}

/**
 * The minimum of a smooth function, which knows nothing of mixtures. BFGS with central differences and halved steps.
 * Source: Nocedal and Wright, Numerical Optimization, 2nd ed. (2006), algorithm 6.1.
 */
export const minimise = (f: (x: Numbers) => number, start: Numbers): Numbers => {
  let x = start
  let g = gradient(f, x)
  let h: Rows = range(x.length).map(i => range(x.length).map(j => (i === j ? 1 : 0)))
  for (let i = 0; i < 300 && Math.max(...g.map(Math.abs)) > 1e-9; i++) {
    const direction = times(h, g)
    const at = (t: number) => x.map((v, j) => v - t * direction[j]!)
    // No step is longer than 1, so that none lands where the function is flat.
    let t = Math.min(1, 1 / Math.sqrt(inner(direction, direction)))
    while (t > 1e-12 && !(f(at(t)) <= f(x) - 1e-4 * t * inner(g, direction))) t /= 2
    if (t <= 1e-12) return x
    const next = at(t)
    const nextGradient = gradient(f, next)
    const [s, y] = [minus(next, x), minus(nextGradient, g)]
    if (inner(s, y) > 0) h = updated(h, s, y)
    x = next
    g = nextGradient
  }
  return x
}
