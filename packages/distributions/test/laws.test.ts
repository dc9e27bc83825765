import { describeFamily } from './support/describe-family.js'
import { families } from './support/families.js'

for (const row of families) describeFamily(row)
