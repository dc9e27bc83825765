// A hidden Markov model of real measurements: when did the Nile change?
//
// The yearly flow at Aswan from 1871 to 1970, in 10^8 cubic metres, as measured (Cobb, The problem of the Nile, Biometrika 65, 1978;
// also in Durbin and Koopman, Time series analysis by state space methods, 2001). Rain over the highlands of Ethiopia became
// less at the end of the century. Nobody tells the model that there was one change, or when: it knows two states.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeFitError, fit, hiddenMarkovModel, predict } from '@conjugate/models'
import { describePlotError, scatter } from '@conjugate/plots'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'

const flows = [
  1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100,
  1210, 1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456,
  824, 702, 1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897,
  822, 1010, 771, 676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975,
  815, 1020, 906, 901, 1170, 912, 746, 919, 718, 714, 740,
]
const year = (n: number) => 1871 + n

// A sequence of rows of one number. States stay: the prior of each row of transitions has 10 stays more than leaves.
const sequences = [flows.map(flow => [flow])]
const model = hiddenMarkovModel({
  states: 2,
  stickiness: 10,
  prior: { mean: [900], meanPrecision: 0.01, degreesOfFreedom: 3, scale: [[20_000]] },
})

const result = await pipe(
  TE.Do,
  TE.bind('fitted', () => fit(model, sequences, { seed: 1, restarts: 5, order: (a, b) => b.mean[0]! - a.mean[0]! })),
  TE.bind('smoothed', ({ fitted }) => predict(model, fitted, sequences)),
)()
if (E.isLeft(result)) throw new Error(describeFitError(result.left))
const { fitted, smoothed } = result.right

// The most probable states of all years together.
const path = Array.from(fitted.paths[0]!)
const changes = path.flatMap((state, n) => (n > 0 && state !== path[n - 1] ? [year(n)] : []))
for (const [k, { mean, covariance }] of fitted.emissions.entries())
  console.log(
    `state ${k + 1}: ${mean[0]!.toFixed(0)} +- ${Math.sqrt(covariance.data[0]!).toFixed(0)}, ${path.filter(state => state === k).length} years`,
  )
console.log(`it changed in ${changes.join(', ')}`)

const picture = scatter(
  { year: flows.map((_, n) => year(n)), flow: flows },
  {
    title: 'The Nile at Aswan',
    xLabel: 'Year',
    yLabel: 'Flow (10⁸ m³)',
    labels: ['before', 'after'],
    responsibilities: smoothed.states[0]!,
    theme: 'light',
  },
)
if (E.isLeft(picture)) throw new Error(describePlotError(picture.left))
const folder = process.argv[2] ?? 'gallery-output'
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'nile.svg'), picture.right)
