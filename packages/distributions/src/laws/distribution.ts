import * as O from 'fp-ts/lib/Option.js'
import { type Random, random } from '../random.js'
import { cube, estimate, holds, type Law, near } from './assert.js'
import type { Continuous, Discrete, DistributionCase } from './case.js'

const SAMPLES = 20_000

/** `count` values of the same stream every time. */
export const draw = <X>(sample: (random: Random) => X, count: number = SAMPLES, seed = 1): X[] => {
  const stream = random(seed)
  return Array.from({ length: count }, () => sample(stream))
}

const some = <A>(option: O.Option<A>, what: string): A => {
  if (O.isNone(option)) throw new Error(`${what} does not exist`)
  return option.value
}

/** What holds of a density. */
const lawsOfDensity = <P, X, V, M>(
  { family, members }: DistributionCase<P, X, V, M>,
  { between, modeOnBoundary, unitCube }: Continuous<P, X>,
): Law[] => [
  ...members.flatMap((p, i): Law[] => [
    {
      name: `member ${i}: entropy is the expected negative log density`,
      check: () => {
        const logProb = family.logProb(p)
        estimate(
          draw(family.sample(p)).map(x => -logProb(x)),
          family.entropy(p),
          'the entropy',
        )
      },
    },
    {
      name: `member ${i}: the mode is a ${modeOnBoundary ? '' : 'stationary '}maximum`,
      check: () => {
        const logProb = family.logProb(p)
        const mode = some(family.mode(p), 'the mode')
        const top = logProb(mode)
        for (const x of draw(family.sample(p), 200)) {
          holds(logProb(x) < top, `log density ${top} at the mode, but ${logProb(x)} elsewhere`)
          if (modeOnBoundary) continue
          // A fall of first order would halve with the step; at a stationary point it goes by a quarter.
          const [wide, narrow] = [2e-3, 1e-3].map(t => top - logProb(between(mode, x, t)))
          const ratio = narrow! / wide!
          holds(ratio > 0 && ratio < 0.3, `the density is not flat at the mode: falls of ${wide} and ${narrow}`)
        }
      },
    },
  ]),
  ...(unitCube === undefined
    ? []
    : [
        {
          name: 'the density integrates to 1',
          check: () => {
            const { dimension, member, at } = unitCube
            const logProb = family.logProb(member)
            const values = cube(dimension, dimension === 3 ? 60 : 300).map(u => {
              const { x, logJacobian } = at(u)
              return Math.exp(logProb(x) + logJacobian)
            })
            near(values.reduce((a, b) => a + b, 0) / values.length, 1, 1e-3, 'the integral')
          },
        },
      ]),
]

/** What holds of a mass, by sums over all values. */
const lawsOfMass = <P, X, V, M>(
  { family, members, coordinates, meanCoordinates, varianceCoordinates }: DistributionCase<P, X, V, M>,
  { values, neighbours }: Discrete<P, X>,
): Law[] =>
  members.flatMap((p, i): Law[] => {
    const sums = () => {
      const logProb = family.logProb(p)
      const terms = values(p).map(x => ({ x: coordinates(x), log: logProb(x), mass: Math.exp(logProb(x)) }))
      const expected = (f: (term: (typeof terms)[number]) => number) =>
        terms.reduce((sum, term) => (term.mass > 0 ? sum + term.mass * f(term) : sum), 0)
      return { terms, expected, logProb }
    }
    return [
      {
        name: `member ${i}: masses sum to 1`,
        check: () =>
          near(
            sums().expected(() => 1),
            1,
            1e-12,
            'the sum',
          ),
      },
      {
        name: `member ${i}: mean, variance and entropy are those of the masses`,
        check: () => {
          const { expected } = sums()
          const mean = meanCoordinates(some(family.mean(p), 'the mean'))
          const variance = varianceCoordinates(some(family.variance(p), 'the variance'))
          for (const [j, m] of mean.entries()) {
            near(
              m,
              expected(({ x }) => x[j]!),
              1e-11,
              `mean[${j}]`,
            )
            near(
              variance[j]!,
              expected(({ x }) => (x[j]! - m) ** 2),
              1e-11,
              `variance[${j}]`,
            )
          }
          near(
            family.entropy(p),
            expected(({ log }) => -log),
            1e-12,
            'the entropy',
          )
        },
      },
      {
        name: `member ${i}: nothing has more mass than the mode, and samples have its mass`,
        check: () => {
          const { terms, logProb } = sums()
          const mode = some(family.mode(p), 'the mode')
          const top = logProb(mode)
          estimate(
            draw(family.sample(p)).map(x => (logProb(x) === top ? 1 : 0)),
            terms.reduce((sum, { log, mass }) => (log === top ? sum + mass : sum), 0),
            'the mass of the mode',
          )
          for (const log of [...terms.map(t => t.log), ...neighbours(mode).map(logProb)])
            holds(log <= top + 1e-13, `log mass ${top} at the mode, but ${log} elsewhere`)
        },
      },
    ]
  })

/** The laws of a distribution, for every member of a case. */
export const distributionLaws = <P, X, V, M>(given: DistributionCase<P, X, V, M>): ReadonlyArray<Law> => {
  const { family, members, coordinates, meanCoordinates, varianceCoordinates, outside, support } = given
  return [
    ...members.map(
      (p, i): Law => ({
        name: `member ${i}: samples have its mean and variance`,
        check: () => {
          const mean = family.mean(p)
          const variance = family.variance(p)
          const values = draw(family.sample(p)).map(coordinates)
          if (O.isNone(mean)) return
          for (const [j, m] of meanCoordinates(mean.value).entries()) {
            estimate(
              values.map(x => x[j]!),
              m,
              `mean[${j}]`,
            )
            if (O.isSome(variance))
              estimate(
                values.map(x => (x[j]! - m) ** 2),
                varianceCoordinates(variance.value)[j]!,
                `variance[${j}]`,
              )
          }
        },
      }),
    ),
    {
      name: 'the same seed draws the same values, another seed others',
      check: () => {
        const drawn = (seed: number): string =>
          JSON.stringify(draw(family.sample(members[0]!), 20, seed).map(coordinates))
        const [first, again, other] = [7, 7, 8].map(drawn)
        holds(first === again, 'two draws of one seed differ')
        holds(first !== other, 'draws of two seeds are the same')
      },
    },
    {
      name: 'outside the support the log density is -Infinity',
      check: () => {
        for (const x of outside) {
          const length = coordinates(x).length
          const p = members.find(m => coordinates(draw(family.sample(m), 1)[0]!).length === length)
          const log = family.logProb(p ?? members[0]!)(x)
          holds(log === Number.NEGATIVE_INFINITY, `the log density at ${JSON.stringify(x)} is ${log}`)
        }
      },
    },
    ...(support._tag === 'Continuous' ? lawsOfDensity(given, support) : lawsOfMass(given, support)),
  ]
}
