import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type Normal, normal } from '../families/normal.js'
import { toNatural, toStatistic } from '../family.js'
import { withKnown } from '../member.js'
import { lessThan } from '../requirements.js'
import { finiteNumbers } from '../support.js'
import { validator } from '../validation.js'
import type { Likelihood } from './conjugate-prior.js'

const check = validator(normal.name)

/**
 * The normals about a known mean, which their variance tells apart: t(x) = (x - mean)^2, eta = -1/(2 variance),
 * A = log(variance)/2, h = (2 pi)^(-1/2).
 */
export const normalsAbout = (mean: number): Likelihood<Normal, number> => ({
  support: finiteNumbers,
  logProb: normal.logProb,
  sample: normal.sample,
  statistic: x => toStatistic((x - mean) ** 2),
  logBaseMeasure: normal.logBaseMeasure,
  natural: p => toNatural(-0.5 / p.variance),
  fromNatural: eta =>
    pipe(
      check.scalar('natural[0]', eta[0]!, lessThan(0)),
      E.chain(v => normal.make({ mean, variance: -0.5 / v })),
    ),
  logNormaliser: p => 0.5 * Math.log(p.variance),
  member: withKnown(normal, 'mean', mean),
})
