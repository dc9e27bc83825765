import { tabulate, type Vector } from '@conjugate/linalg'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import { columnsOfNormal, type DiagonalNormal, diagonalNormal, normalOfColumns } from '../families/diagonal-normal.js'
import { independent } from '../families/independent.js'
import { type NormalInverseGamma, normalInverseGamma } from '../families/normal-inverse-gamma.js'
import { toNatural } from '../family.js'
import { inColumn, type Validated, validator } from '../validation.js'
import type { ConjugatePrior } from './conjugate-prior.js'
import {
  type DiagonalStatistics,
  diagonalMonoid,
  fromDiagonalDeviations,
  ofDiagonalStatistics,
} from './diagonal-statistics.js'
import type { GaussianStatistics } from './gaussian-statistics.js'
import { guardedPair } from './guarded-pair.js'
import { normalInverseGammaPrior } from './normal-inverse-gamma-prior.js'
import { reparametrise } from './reparametrise.js'
import { translationOfVectors } from './translation.js'

/** Of one column. */
const column = (s: DiagonalStatistics, i: number): GaussianStatistics => ({
  weight: s.weight,
  mean: [s.mean[i]!],
  scatter: { rows: 1, columns: 1, data: [s.squares[i]!] },
})

const shifted =
  (x: Vector, sign: 1 | -1) =>
  (q: ReadonlyArray<NormalInverseGamma>): ReadonlyArray<NormalInverseGamma> =>
    q.map((p, i) => ({ ...p, mean: p.mean + sign * x[i]! }))

const vectors = translationOfVectors<{ readonly mean: Vector }, DiagonalNormal, DiagonalStatistics>()

/** Of each of at least one column. */
const ofColumns =
  <A>(f: (prior: NormalInverseGamma, i: number) => Validated<A>) =>
  (q: ReadonlyArray<NormalInverseGamma>): Validated<ReadonlyArray<A>> =>
    q.length > 0
      ? E.sequenceArray(Array.from(q, (prior, i) => pipe(f(prior, i), inColumn(i))))
      : validator(normalInverseGamma.name).fail('columns', 'at least one', 'none')

/**
 * D independent normal-inverse-gammas as the prior of a normal with a diagonal covariance on D columns, one for each;
 * observations are vectors of D numbers. The posterior of each column is that of {@link normalInverseGammaPrior}. Errors:
 * updates and modes say where there are no columns, and which column has no posterior.
 * Source: Murphy, Machine Learning (2012), section 4.6.3.7.
 */
export const diagonalNormalPrior: ConjugatePrior<
  ReadonlyArray<NormalInverseGamma>,
  DiagonalNormal,
  Vector,
  DiagonalStatistics
> = guardedPair({
  family: reparametrise(
    independent(normalInverseGamma, 4),
    columns => normalOfColumns(Array.from(columns)),
    columnsOfNormal,
  ),
  likelihood: diagonalNormal,
  ...ofDiagonalStatistics,
  monoid: q => diagonalMonoid(q.length),
  fromStatistic: (weight, t) =>
    fromDiagonalDeviations(new Float64Array(t.length / 2), {
      weight,
      sum: tabulate(t.length / 2, i => t[2 * i]!),
      squares: tabulate(t.length / 2, i => t[2 * i + 1]!),
    }),
  evidence: s =>
    toNatural(...Array.from({ length: s.mean.length }, (_, i) => normalInverseGammaPrior.evidence(column(s, i)))),
  update: s => ofColumns((prior, i) => normalInverseGammaPrior.update(column(s, i))(prior)),
  jointMode: flow(ofColumns(normalInverseGammaPrior.jointMode), E.map(normalOfColumns)),
  freeParameters: q => 2 * q.length,
  translation: {
    centre: vectors.centre,
    locationOf: { member: p => p.mean, prior: q => tabulate(q.length, i => q[i]!.mean) },
    toCentred: x => ({ ...vectors.toCentred(x), prior: shifted(x, -1) }),
    fromCentred: x => ({ ...vectors.fromCentred(x), prior: shifted(x, 1) }),
  },
})
