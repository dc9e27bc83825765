// A new mixture, from the definition of its family to a picture: wave heights in a calm and a rough sea.
//
// In a sea of one kind the heights of single waves are Rayleigh distributed (Longuet-Higgins, On the statistical distribution of
// the heights of sea waves, 1952): p(x) = x / s exp(-x^2 / (2 s)) for x > 0, which the library does not have. A buoy that is
// read over some days sees several seas. Its readings are drawn here: 1,500 waves, of which a third are of a storm.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { conjugatePair, inverseGamma, random } from '@conjugate/distributions'
import { conjugateMixture, describeFitError, fit } from '@conjugate/models'
import { density, describePlotError } from '@conjugate/plots'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

// The family, and the prior that is conjugate to it: t(x) = x^2, eta = -1 / (2 s), A = log s, h(x) = x; s is inverse gamma.
const rayleighPrior = conjugatePair({
  name: 'Rayleigh',
  prior: inverseGamma,
  parameter: 'square',
  statistic: (height: number) => [height * height],
  logBaseMeasure: height => (height > 0 ? Math.log(height) : Number.NEGATIVE_INFINITY),
  // What waves add to the natural parameters of the prior: their number, and the sum of their squares.
  evidence: (waves, [squares]) => [-waves, -0.5 * squares!],
  fromNatural: eta => -0.5 / eta[0]!,
  sample: square => stream => Math.hypot(stream.normal(), stream.normal()) * Math.sqrt(square),
})
const rayleigh = rayleighPrior.likelihood

// The mixture: that is all that has to be written.
const mixture = pipe(
  inverseGamma.make({ shape: 2, scale: 1 }),
  E.chain(prior => conjugateMixture(rayleighPrior)({ components: 2, concentration: 2, prior })),
)

// The readings, in metres.
const stream = random(1952)
const heights = Array.from({ length: 1500 }, (_, n) => rayleigh.sample({ square: n % 3 === 0 ? 4 : 0.25 })(stream))

const result = await fit(mixture, heights, { seed: 1, order: (a, b) => a.square - b.square })()
if (E.isLeft(result)) throw new Error(describeFitError(result.left))
const { components, weights, stoppedBy } = result.right

for (const [k, sea] of ['calm', 'rough'].entries()) {
  // The mean of the highest third of the waves is about four standard deviations of the surface, which is 2 sqrt(s).
  const significant = 2 * Math.sqrt(components[k]!.square)
  console.log(
    `${sea}: ${(100 * weights[k]!).toFixed(0)} % of the waves, significant height ${significant.toFixed(1)} m`,
  )
}
console.log(`stopped by ${stoppedBy}`)

const picture = density(heights, {
  title: 'Heights of 1,500 waves',
  xLabel: 'Height (m)',
  labels: ['calm sea', 'rough sea'],
  components: components.map((component, k) => height => weights[k]! * Math.exp(rayleigh.logProb(component)(height))),
  theme: 'light',
})
if (E.isLeft(picture)) throw new Error(describePlotError(picture.left))
const folder = process.argv[2] ?? 'gallery-output'
mkdirSync(folder, { recursive: true })
writeFileSync(join(folder, 'rayleigh-waves.svg'), picture.right)
