import { normalCumulative } from '@conjugate/distributions'

document.title = String(normalCumulative.cdf({ mean: 0, variance: 1 })(1.96))
