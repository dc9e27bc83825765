import { describeDistribution } from './support/describe-distribution.js'
import { describeFamily } from './support/describe-family.js'
import { families, otherDistributions } from './support/families/index.js'

for (const row of families) describeFamily(row)
for (const row of otherDistributions) describeDistribution(row)
