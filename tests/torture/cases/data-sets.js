// Data as nobody would wish for: offsets, scales, ties, constant and collinear columns, outliers, weights of zero and of 1e12,
// priors from matched to absurd.
import * as d from '@conjugate/distributions'
import * as m from '@conjugate/models'

const scalesOf = moderate =>
  moderate ? [1, 255, 1e-6, 1e-3, 1e6] : [1, 1, 1e-3, 1e6, 1e-100, 1e-50, 1e50, 1e100, 1e150]
const weightsOf = moderate => [
  'none',
  'none',
  'zeros',
  'mixed',
  ...(moderate ? [] : ['huge', 'tiny', 'all zero', 'one']),
]

const shapes = {
  blobs: ({ centre, normal }) => centre.map(c => c + normal()),
  'all equal': ({ centre }) => centre.map((_, i) => i + 1),
  ties: ({ centre }) => [...centre],
  'a grid': ({ centre, int }) => centre.map(() => int(0, 3)),
  'a constant column': ({ centre, normal }) => centre.map((c, i) => (i === 0 ? 3 : c + normal())),
  'a collinear column': ({ centre, normal }) => {
    const x = centre.map(c => c + normal())
    return x.length > 1 ? [...x.slice(0, -1), 2 * x[0] - 1] : x
  },
  outliers: ({ centre, normal, chance }) => centre.map(c => c + normal() + (chance(0.02) ? 1e6 : 0)),
  'clusters far apart': ({ centre, normal, sign }) => centre.map(() => sign * 1e8 + 1e-7 * normal()),
  'ill-conditioned': ({ centre, normal }) => {
    const shared = normal()
    return centre.map((_, i) => shared + normal() * 10 ** ((-12 * i) / centre.length))
  },
  'a tiny spread': ({ centre, normal }) => centre.map(c => c + 1e-9 * normal()),
}

const gaussianKinds = {
  full: [m.gaussianMixture, (mean, s2, kappa, extra) => wishart(mean, s2, kappa, extra), d.multivariateNormal],
  tied: [m.tiedGaussianMixture, (mean, s2, kappa, extra) => wishart(mean, s2, kappa, extra), d.multivariateNormal],
  diagonal: [
    m.diagonalGaussianMixture,
    (mean, s2, kappa, extra) => ({ mean, meanPrecision: kappa, shape: extra, scale: mean.map(() => s2) }),
    d.diagonalNormal,
  ],
  spherical: [
    m.sphericalGaussianMixture,
    (mean, s2, kappa, extra) => ({ mean, meanPrecision: kappa, shape: extra, scale: s2 }),
    d.isotropicNormal,
  ],
}

const wishart = (mean, s2, meanPrecision, extra) => ({
  mean,
  meanPrecision,
  degreesOfFreedom: mean.length + extra,
  scale: mean.map((_, i) => mean.map((_, j) => (i === j ? s2 : 0))),
})

const tableOf = base => {
  const priors = {
    a: d.normalInverseGamma.make({ mean: 0, meanPrecision: 0.1, shape: 2, scale: 1 }).right,
    b: d.gamma.make({ shape: 2, rate: 0.5 }).right,
    c: d.dirichlet.make({ concentration: [2, 2, 2] }).right,
  }
  const pair = d.productPrior({ a: d.normalInverseGammaPrior, b: d.gammaPoissonPrior, c: d.dirichletPrior(3) })
  return m.conjugateMixture(pair)({ ...base, prior: priors })
}

/** A mixture and data of a number; the same for the same number. */
export const dataSet = (seed, moderate) => {
  const stream = d.random(seed)
  const chance = p => stream.uniform() < p
  const int = (a, b) => a + stream.integer(b - a + 1)
  const pick = list => list[stream.integer(list.length)]
  const normal = () => stream.normal()
  const kind = pick(['full', 'full', 'tied', 'diagonal', 'spherical', 'counts', 'times', 'classes', 'table'])
  const [count, components, columns] = [
    pick([1, 2, 3, int(4, 30), int(30, 200)]),
    pick([1, 2, 3, int(1, 8)]),
    int(1, 6),
  ]
  const weighting = pick(weightsOf(moderate))
  const weightOf = {
    none: () => 1,
    zeros: () => Number(chance(0.6)),
    mixed: () => 3 * stream.uniform(),
    huge: () => 10 ** (12 * stream.uniform()),
    tiny: () => 10 ** (-12 * stream.uniform()),
    'all zero': () => 0,
    one: n => Number(n === 0),
  }[weighting]
  const rowWeights = weighting === 'none' ? undefined : Float64Array.from({ length: count }, (_, n) => weightOf(n))
  const concentration = pick([1, 2, 1.5, 0.9, 100, 1 + 1e-9])
  const base = { components, concentration }
  const start = { _tag: pick(['distinct-rows', 'k-means', 'random-rows']) }
  const told = { kind, count, components, columns, concentration, weighting, start: start._tag }
  const list = make => Array.from({ length: count }, (_, n) => make(n))
  if (kind in gaussianKinds) {
    const [define, priorOf, family] = gaussianKinds[kind]
    const shape = pick(Object.keys(shapes))
    const [scale, offset] = [pick(scalesOf(moderate)), pick([0, 0, 1, 1e3, 1e6, 1e9, -1e12])]
    const centres = Array.from({ length: components }, () => Array.from({ length: columns }, () => 5 * normal()))
    const row = () => shapes[shape]({ centre: pick(centres), normal, int, chance, sign: pick([-1, 1]) })
    const strength = pick([1, 1, 1e-3, 1e-8, 1e4])
    const mean = Array.from({ length: columns }, () => scale * pick([0, offset]))
    const prior = priorOf(mean, scale * scale * strength, pick([1, 0.01, 1e-8, 100]), pick([0.5, 1, 2, 10]))
    return {
      told: { ...told, shape, scale, offset, strength },
      model: define({ ...base, prior }),
      rows: list(() => row().map(v => scale * (v + offset))),
      rowWeights,
      start,
      family: Math.abs(offset) > 1e3 ? undefined : family,
    }
  }
  const of = (model, rows, more = {}) => ({ told: { ...told, ...more }, model, rows, rowWeights, start })
  switch (kind) {
    case 'counts': {
      const top = pick(moderate ? [0, 1, 5, 1e4] : [0, 1, 5, 1e6, 1e12])
      const prior = { shape: pick([1.5, 2, 50]), rate: pick([1, 0.01, 1e-6]) }
      return of(
        m.poissonMixture({ ...base, prior }),
        list(() => Math.floor(stream.uniform() ** 2 * top)),
        { top },
      )
    }
    case 'times': {
      const scale = pick(moderate ? [1, 1e-3, 1e4] : [1, 1e-100, 1e100, 1e-300])
      const prior = { shape: pick([1.5, 2]), rate: scale * pick([1, 0.01]) }
      return of(
        m.exponentialMixture({ ...base, prior }),
        list(() => -scale * Math.log(1 - stream.uniform())),
        { scale },
      )
    }
    case 'classes': {
      const [sizes, missing] = [{ a: 2, b: int(1, 6), c: 3 }, pick([0, 0.2, 0.9, 1])]
      const cell = n => (chance(missing) ? null : Math.floor(n * stream.uniform() ** 2))
      const model = m.latentClassMixture({ ...base, columns: sizes, cellConcentration: pick([2, 1, 50]) })
      return of(
        model,
        list(() => ({ a: cell(2), b: cell(sizes.b), c: cell(3) })),
        { missing },
      )
    }
    default: {
      const [apart, missing] = [pick([5, 1e3, 1e6]), pick([0, 0.3, 0.9])]
      const row = () => ({
        a: chance(missing) ? null : normal() + pick([0, apart]),
        b: chance(missing) ? null : int(0, 20),
        c: chance(missing) ? null : int(0, 2),
      })
      return of(tableOf(base), list(row), { apart, missing })
    }
  }
}
