import {
  bernoulliCumulative,
  betaCumulative,
  binomialCumulative,
  type Cumulative,
  exponentialCumulative,
  gammaCumulative,
  geometricCumulative,
  inverseGammaCumulative,
  negativeBinomialCumulative,
  normalCumulative,
  poissonCumulative,
  studentTCumulative,
} from '@conjugate/distributions'
import { bernoulliCase } from './families/bernoulli.js'
import { betaCase } from './families/beta.js'
import { binomialCase } from './families/binomial.js'
import { exponentialCase } from './families/exponential.js'
import { gammaCase } from './families/gamma.js'
import { geometricCase } from './families/geometric.js'
import { inverseGammaCase } from './families/inverse-gamma.js'
import { negativeBinomialCase } from './families/negative-binomial.js'
import { normalCase } from './families/normal.js'
import { poissonCase } from './families/poisson.js'
import { studentTCase } from './families/student-t.js'
import type { DistributionCase } from './family-case.js'

/** The table of all cumulative probabilities, by the rows of their distributions. */
export const cumulatives: ReadonlyArray<readonly [DistributionCase<never, never>, Cumulative<never>]> = [
  [normalCase, normalCumulative],
  [exponentialCase, exponentialCumulative],
  [gammaCase, gammaCumulative],
  [inverseGammaCase, inverseGammaCumulative],
  [betaCase, betaCumulative],
  [studentTCase, studentTCumulative],
  [bernoulliCase, bernoulliCumulative],
  [binomialCase, binomialCumulative],
  [poissonCase, poissonCumulative],
  [geometricCase, geometricCumulative],
  [negativeBinomialCase, negativeBinomialCumulative],
]
