import { describeFamily } from './support/describe-family.js'
import { families } from './support/families/index.js'

for (const row of families) describeFamily(row)
