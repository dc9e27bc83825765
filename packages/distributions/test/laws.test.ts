import { describeDistribution, describeFamily, describePair } from '@conjugate/distributions/laws'
import { describe, test } from 'vitest'
import { families, otherDistributions } from './support/families/index.js'
import { pairs } from './support/pairs.js'

const framework = { describe, test }

for (const row of families) describeFamily(framework)(row)
for (const row of otherDistributions) describeDistribution(framework)(row)
for (const row of pairs) describePair(framework)(row)
