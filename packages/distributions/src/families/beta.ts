import { logGammaWeight, logMultivariateBeta } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExponentialFamily, type MemberOf, type Statistic, toNatural, toStatistic } from '../family.js'
import { guarded } from '../guarded.js'
import {
  concentrationOf,
  covarianceOfLogs,
  divergenceOfDirichlets,
  entropyOfDirichlet,
  expectedLogs,
} from '../math/dirichlet-moments.js'
import { sharesOfGammas } from '../math/draws.js'
import { aNumber, members } from '../member.js'
import { positive } from '../requirements.js'
import { concat, constantBase, log } from '../statistic.js'
import { numbers } from '../support.js'
import { type Validated, validator } from '../validation.js'
import { logPowerAtZero } from './gamma.js'

/** Beta(a, b) on 0 <= x <= 1. Made by `beta.make`. */
export interface Beta extends MemberOf<'Beta'> {
  /** a > 0: as a prior of a probability, how many successes it is worth. */
  readonly a: number
  /** b > 0: how many failures it is worth. */
  readonly b: number
}

/** The family of betas. `X` are numbers. */
export interface BetaFamily extends ExponentialFamily<Beta, number> {
  /** Validates the parameters. Errors: an `a` or a `b` that is not positive and finite, or a sum beyond float64. */
  readonly make: (parameters: Beta) => Validated<Beta>
}

const name = 'Beta'
const check = validator(name)

const make: BetaFamily['make'] = ({ a, b }) =>
  pipe(
    E.Do,
    E.bind('a', () => check.scalar('a', a, positive)),
    E.bind('b', () => check.scalar('b', b, positive)),
    E.chainFirst(() => check.scalar('a + b', a + b, positive)),
  )

const logNormaliser = ({ a, b }: Beta): number => logMultivariateBeta([a, b])

const logProb = (p: Beta): ((x: number) => number) => {
  const { a, b } = p
  const total = a + b
  const [weightA, weightB, weightTotal] = [logGammaWeight(a), logGammaWeight(b), logGammaWeight(total)(total)]
  return x => {
    if (!(x >= 0 && x <= 1)) return Number.NEGATIVE_INFINITY
    if (x === 0) return logPowerAtZero(a - 1) - logNormaliser(p)
    if (x === 1) return logPowerAtZero(b - 1) - logNormaliser(p)
    return weightA(total, x) + weightB(total, 1 - x) - weightTotal - Math.log(x) - Math.log1p(-x)
  }
}

const mode = ({ a, b }: Beta): O.Option<number> => (a > 1 && b > 1 ? O.some((a - 1) / (a + b - 2)) : O.none)

const fromExpectedStatistic = (t: Statistic<Beta>): Validated<Beta> =>
  pipe(
    check.statistic(t, 2),
    E.chain(concentrationOf(check)),
    E.chain(alpha => make({ a: alpha[0]!, b: alpha[1]! })),
  )

/**
 * The beta as an exponential family: t(x) = (log x, log(1 - x)), eta = (a - 1, b - 1), A = log B(a, b), h = 1.
 * Its mode exists for a > 1 and b > 1. Source: Bishop, Pattern Recognition and Machine Learning (2006), section 2.1.1.
 *
 * @support 0 to 1
 * @prior none in the library
 * @example
 * import { beta } from '@conjugate/distributions'
 * import * as E from 'fp-ts/lib/Either.js'
 *
 * const p = beta.make({ a: 2, b: 3 })
 * if (E.isRight(p)) console.log(beta.logProb(p.right)(0.5).toFixed(4), beta.entropy(p.right).toFixed(4)) // prints 0.4055 -0.2349
 */
export const beta: BetaFamily = guarded<BetaFamily>({
  name,
  support: numbers('a number between 0 and 1', { least: 0, greatest: 1, isOpen: true }),
  make,
  logProb,
  sample: p => random => sharesOfGammas([p.a, p.b])(random)[0]!,
  mean: ({ a, b }) => O.some(a / (a + b)),
  variance: ({ a, b }) => O.some(((a / (a + b)) * (b / (a + b))) / (a + b + 1)),
  mode,
  entropy: ({ a, b }) => entropyOfDirichlet([a, b]),
  klDivergence: p => q => divergenceOfDirichlets([p.a, p.b], [q.a, q.b]),
  statistic: x => toStatistic(Math.log(x), Math.log1p(-x)),
  statisticExpression: () => concat(log(0), { _tag: 'LogComplement', column: 0 }),
  logBaseMeasure: () => 0,
  logBaseExpression: constantBase(0),
  natural: ({ a, b }) => toNatural(a - 1, b - 1),
  fromNatural: eta => make({ a: eta[0]! + 1, b: eta[1]! + 1 }),
  logNormaliser,
  expectedStatistic: ({ a, b }) => toStatistic(expectedLogs([a, b])),
  fromExpectedStatistic,
  member: members(name, { a: aNumber, b: aNumber }, make),
  fisherInformation: ({ a, b }) => covarianceOfLogs([a, b]),
})
