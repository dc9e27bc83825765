import { describeValue, toNumber } from '@conjugate/linalg'
import { type ExponentialFamily, toStatistic } from './family.js'
import { total as guard } from './guarded.js'
import { nonNegative } from './requirements.js'
import { type Validated, validator } from './validation.js'

type Observed<P, X> = Pick<
  ExponentialFamily<P, X, unknown, unknown>,
  'name' | 'statistic' | 'logBaseMeasure' | 'fromExpectedStatistic'
>

const fitted = <P, X>(
  family: Observed<P, X>,
  xs: Iterable<X>,
  weights: ArrayLike<number> | undefined,
): Validated<P> => {
  const check = validator(family.name)
  const mean: number[] = []
  let [total, n] = [0, 0]
  for (const x of xs) {
    const where = `observations[${n}]`
    const weight = weights === undefined ? 1 : (toNumber(weights[n]) ?? Number.NaN)
    if (!nonNegative.holds(weight) || weight === Number.POSITIVE_INFINITY)
      return check.fail(`weights[${n}]`, nonNegative.expected, describeValue(weights?.[n]))
    n++
    const t = family.logBaseMeasure(x) === Number.NEGATIVE_INFINITY ? undefined : family.statistic(x)
    if (t === undefined || !Array.from(t).every(Number.isFinite))
      return check.fail(where, 'a value inside the support, with a finite statistic', describeValue(x))
    if (n > 1 && t.length !== mean.length) return check.fail(where, `a statistic of ${mean.length} numbers`, t.length)
    total += weight
    // A running mean is exact for equal observations, however many.
    for (let i = 0; i < t.length; i++)
      mean[i] = n === 1 ? t[i]! : mean[i]! + (weight === 0 ? 0 : (weight / total) * (t[i]! - mean[i]!))
  }
  if (weights !== undefined && weights.length !== n)
    return check.fail('weights', `${n} numbers`, `${weights.length} numbers`)
  if (!(total > 0)) return check.fail('observations', 'at least one of positive weight', 'none')
  return family.fromExpectedStatistic(toStatistic<P>(mean))
}

/**
 * The member under which weighted observations are most likely: the one whose expected statistic is their mean statistic. A
 * weight of w counts as w copies; all are 1 unless told otherwise. It keeps the digits that the mean statistic holds: data of
 * a normal whose mean is far from 0, compared with their spread, are better shifted first.
 * Errors: no observation of positive weight; an observation outside the support; a weight that is negative or not finite, or
 * other than one weight for each observation; data that no member fits best, such as equal ones for a normal.
 * Source: Wainwright and Jordan, Graphical Models, Exponential Families, and Variational Inference (2008), section 3.6.
 */
export const maximumLikelihood =
  <P, X>(family: Observed<P, X>) =>
  (xs: Iterable<X>, weights?: ArrayLike<number>): Validated<P> =>
    guard<Iterable<X>, P>(family.name, 'observations', 'a list of observations', all => fitted(family, all, weights))(
      xs,
    )
