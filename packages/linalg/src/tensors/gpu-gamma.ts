/** What one text has to be told for GLSL and for WGSL. */
export interface Dialect {
  readonly head: (name: string) => string
  readonly real: string
  readonly whole: string
  readonly nan: string
}

export const glsl: Dialect = { head: name => `float ${name}(float x)`, real: 'float', whole: 'int', nan: 'NAN' }

export const wgsl: Dialect = {
  head: name => `fn ${name}(x : f32) -> f32`,
  real: 'var',
  whole: 'var',
  nan: 'uniforms.NAN',
}

const literal = (n: number): string => `(${n.toExponential(9)})`

const polynomial = (coefficients: ReadonlyArray<number>, t: string): string =>
  coefficients.reduceRight((inner, c) => (inner === '' ? literal(c) : `(${literal(c)} + ${t} * ${inner})`), '')

/** log Gamma(x) / (x - 1) / (x - 2) on 1/2 <= x <= 5/2, in x - 3/2: 5e-9 of its size. */
// biome-ignore format: one polynomial
const LOG_GAMMA = [
  0.483128952, -0.145959897, 0.0629112129, -0.0313083668, 0.0168020521, -0.00942879826, 0.00539684557, -0.00318026881,
  0.00216813141, -0.00132159786, 4.50392032e-5, -1.08543451e-5, 0.00129934497, -0.000827589663, -0.000759609589,
  0.00048779825, 0.000373238647, -0.000238472824,
]

/** digamma(x) / (x - root) on 1 <= x <= 2, in x - 3/2: 4e-9 of its size. */
// biome-ignore format: one polynomial
const DIGAMMA = [
  0.951055876, -0.423627497, 0.240542535, -0.148398861, 0.0949846851, -0.0620559804, 0.0408500267, -0.0257868836,
  0.017114989, -0.0163736203, 0.0109025887,
]

/** Takes steps of 1 down to where a polynomial is. */
const descend = ({ real, whole }: Dialect, end: string, step: string): string =>
  `${real} y = x; for (${whole} i = 0; i < 7; i++) { if (y <= ${end}) { break; } y = y - 1.0; ${step} }`

const logGamma = (d: Dialect): string => `
  if (x >= 8.0) {
    ${d.real} r = 1.0 / x;
    return (x - 0.5) * (log(x) - 1.0) + (0.418938533 + r * (0.0833333333 - r * r * 0.00277777778));
  }
  if (x < 0.5) { return x * (x - 1.0) * ${polynomial(LOG_GAMMA, '(x - 0.5)')} - log(x); }
  ${d.real} p = 1.0;
  ${descend(d, '2.5', 'p = p * y;')}
  ${d.real} near = (y - 1.0) * (y - 2.0) * ${polynomial(LOG_GAMMA, '(y - 1.5)')};
  if (p > 1.0) { near = near + log(p); }
  return near;`

const digamma = (d: Dialect): string => `
  if (x >= 8.0) {
    ${d.real} r = 1.0 / x;
    ${d.real} q = r * r;
    return log(x) - 0.5 * r - q * (0.0833333333 - q * (0.00833333333 - q * 0.00396825397));
  }
  if (x < 1.0) { return (x - 0.461632145) * ${polynomial(DIGAMMA, '(x - 0.5)')} - 1.0 / x; }
  ${d.real} s = 0.0;
  ${descend(d, '2.0', 's = s + 1.0 / y;')}
  return (y - 1.46163213 - 1.24366e-8) * ${polynomial(DIGAMMA, '(y - 1.5)')} + s;`

const factors = (count: number): string =>
  Array.from({ length: count }, (_, j) => ` * (${literal(j + 1)} * r)`).join('')

const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30]

const polygamma = (n: number, { real, whole }: Dialect): string => {
  // (n + 2k - 1)! / (2k)! / (n - 1)! of the Bernoulli numbers of order 2k.
  let size = 1 / n
  const series = BERNOULLI.map((b, i) => {
    const k = 2 * i
    size *= ((n + k) * (n + k + 1)) / (k + 1) / (k + 2)
    return b * size * n
  })
  return `
  ${real} y = x;
  ${real} s = 0.0;
  for (${whole} i = 0; i < ${n + 8}; i++) {
    if (y >= ${literal(n + 8)}) { break; }
    ${real} r = 1.0 / y;
    s = s + r${factors(n)};
    y = y + 1.0;
  }
  ${real} r = 1.0 / y;
  ${real} q = r * r;
  s = s + r${factors(n - 1)} * (1.0 + ${literal(n / 2)} * r + q * ${polynomial(series, 'q')});
  return ${n % 2 === 0 ? '-s' : 's'};`
}

/** A function `ofEntry` of float32: log Gamma of a dimension for an order of -1, or its derivatives. */
export const gammaSource = (order: number, dimension: number, d: Dialect): string => {
  const body = order < 0 ? logGamma(d) : order === 0 ? digamma(d) : polygamma(order, d)
  const constant = order < 0 ? (Math.log(Math.PI) / 4) * dimension * (dimension - 1) : 0
  const terms = Array.from({ length: dimension }, (_, j) => `ofOne(x - ${literal(j / 2)})`)
  return `
${d.head('ofOne')} {${body}
}
${d.head('ofEntry')} {
  if (!(x > ${literal((dimension - 1) / 2)})) { return ${d.nan}; }
  return ${literal(constant)} + ${terms.join(' + ')};
}`
}
