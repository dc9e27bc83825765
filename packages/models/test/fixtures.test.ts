import { createHash } from 'node:crypto'
import { run } from '@conjugate/em'
import { type BackendName, type Executor, grouped, selectExecutor } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import { gaussianMixture, gaussianMixtureParameters, onRows } from '@conjugate/models'
import { fixtureNames, readFixture, readPhoto, right, rightOf } from '@conjugate/testing'
import * as E from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'

interface Fixture {
  readonly data:
    | { readonly kind: 'inline'; readonly x: ReadonlyArray<ReadonlyArray<number>> }
    | { readonly kind: 'image'; readonly file: string; readonly value: string }
  readonly hypers: {
    readonly K: number
    readonly D: number
    readonly n_iter: number
    readonly alpha: ReadonlyArray<number>
    readonly mu0: ReadonlyArray<number>
    readonly kappa0: number
    readonly nu0: number
    readonly Sigma0: number[][]
  }
  readonly init: { readonly mus: number[][] }
  readonly expected: {
    readonly log_prob: number[]
    readonly mus: number[][]
    readonly Sigmas: number[][][]
    readonly pi: number[]
    readonly resp_sums: number[]
    readonly counts: number[]
    readonly assign_sha256: string
    readonly assign_hash_is_robust: boolean
    readonly final_log_prob_parts: {
      readonly log_likelihood: number
      readonly log_dirichlet: number
      readonly log_niw: number
    }
    readonly after_first_m_step: { readonly mus: number[][]; readonly Sigmas: number[][][]; readonly pi: number[] }
  }
  readonly provenance: {
    readonly float64_reference_deviation: Readonly<Record<'log_prob_max_rel' | 'mus' | 'Sigmas' | 'pi', number>>
  }
}

const readRows = async ({ data, hypers }: Fixture): Promise<Matrix> => {
  if (data.kind === 'inline') return { rows: data.x.length, columns: hypers.D, data: Float64Array.from(data.x.flat()) }
  const { width, height, bytes } = await readPhoto(data.file)
  const toValue = data.value.startsWith('float64(float32')
    ? (v: number) => Math.fround(v / 255)
    : (v: number) => v / 255
  return { rows: width * height, columns: 3, data: Float64Array.from(bytes, toValue) }
}

/** Largest difference on the scale of the largest reference value. */
const deviation = (actual: Iterable<number>, expected: ReadonlyArray<number>): number => {
  const values = Array.from(actual)
  expect(values.length).toBe(expected.length)
  const scale = Math.max(...expected.map(Math.abs))
  return Math.max(...values.map((v, i) => Math.abs(v - expected[i]!))) / (scale || 1)
}

/** The README's tolerance: 100 times what a careful float64 run is off by, but not below 1e-12. */
const tolerances = ({ provenance: { float64_reference_deviation: d } }: Fixture) => ({
  logProb: Math.max(1e-12, 100 * d.log_prob_max_rel),
  means: Math.max(1e-12, 100 * d.mus),
  covariances: Math.max(1e-12, 100 * d.Sigmas),
  weights: Math.max(1e-12, 100 * d.pi),
})

/** How the references are computed: on a backend, and perhaps on grouped rows or by several threads. */
interface Variant {
  readonly name: string
  readonly backend: BackendName
  readonly threads?: number
  readonly wrap: (executor: Executor) => Executor
}

/** The backends that sum in float64; those of a GPU do not run here, and could not meet the tolerances. */
const float64Backends: ReadonlyArray<BackendName> = ['wasm', 'tensorflow', 'javascript']

const variants: ReadonlyArray<Variant> = [
  ...float64Backends.map(backend => ({ name: backend, backend, wrap: (executor: Executor) => executor })),
  { name: 'wasm with equal rows grouped', backend: 'wasm', wrap: grouped },
  { name: 'wasm on two threads', backend: 'wasm', threads: 2, wrap: executor => executor },
]

const fit = async (fixture: Fixture, { backend, threads = 1, wrap }: Variant) => {
  const { hypers, init } = fixture
  const rows = await readRows(fixture)
  const model = right(
    gaussianMixture({
      components: hypers.K,
      concentration: hypers.alpha,
      prior: {
        mean: hypers.mu0,
        meanPrecision: hypers.kappa0,
        degreesOfFreedom: hypers.nu0,
        scale: hypers.Sigma0,
      },
    }),
  )
  const total = hypers.alpha.reduce((a, b) => a + b, 0)
  const initial = right(
    gaussianMixtureParameters(model)({
      weights: hypers.alpha.map(a => a / total),
      components: init.mus.map(mean => ({ mean, covariance: hypers.Sigma0 })),
    }),
  )
  const executor = wrap(await rightOf(selectExecutor(backend, threads)))
  return { bound: await rightOf(onRows(model)(executor, rows)), initial, iterations: hypers.n_iter }
}

/** TensorFlow is optional on a user's machine, but CI has to have it. */
const isMissing = async (backend: string): Promise<boolean> =>
  backend === 'tensorflow' && !process.env['CONJUGATE_REQUIRE_TENSORFLOW'] && E.isLeft(await selectExecutor(backend)())

const unavailable = new Set(
  (await Promise.all(float64Backends.map(async b => ((await isMissing(b)) ? [b] : [])))).flat(),
)
for (const backend of unavailable)
  console.warn(`Skipped: mixture fixtures on ${backend}, which is not set up here (pnpm native).`)

describe.each(variants.map(v => [v.name, v] as const))('mixture fixtures on %s', (_, variant) => {
  test.skipIf(unavailable.has(variant.backend)).each(fixtureNames())('%s', async name => {
    const fixture = readFixture<Fixture>(name)
    const { expected } = fixture
    const tolerance = tolerances(fixture)
    const { bound, initial, iterations } = await fit(fixture, variant)

    const expectParameters = (p: typeof initial, reference: Fixture['expected']['after_first_m_step']) => {
      expect(deviation(p.weights, reference.pi)).toBeLessThanOrEqual(tolerance.weights)
      const means = p.components.flatMap(c => Array.from(c.mean))
      expect(deviation(means, reference.mus.flat())).toBeLessThanOrEqual(tolerance.means)
      const covariances = p.components.flatMap(c => Array.from(c.covariance.data))
      expect(deviation(covariances, reference.Sigmas.flat(2))).toBeLessThanOrEqual(tolerance.covariances)
    }

    const { last, objectives } = await rightOf(
      run<typeof initial, unknown>({
        iterations,
        onIteration: ({ index, parameters }) => {
          if (index === 1) expectParameters(parameters, expected.after_first_m_step)
        },
      })(bound.iterations(initial)),
    )
    expect(deviation(objectives, expected.log_prob)).toBeLessThanOrEqual(tolerance.logProb)
    expectParameters(last.parameters, expected)

    const parts = expected.final_log_prob_parts
    const scale = Math.max(...expected.log_prob.map(Math.abs))
    const near = (actual: number, reference: number) =>
      expect(Math.abs(actual - reference) / scale).toBeLessThanOrEqual(tolerance.logProb)
    near(last.expectation.logLikelihood, parts.log_likelihood)
    near(last.logPrior, parts.log_dirichlet + parts.log_niw)
    near(await rightOf(bound.logJoint(last.parameters)), objectives.at(-1)!)

    const { counts } = last.expectation.statistics as { readonly counts: Float64Array }
    expect(deviation(counts, expected.resp_sums)).toBeLessThanOrEqual(tolerance.weights)
    const assignments = Uint8Array.from(await rightOf(bound.assignments(last.parameters)))
    if (expected.assign_hash_is_robust) {
      expect(expected.counts.map((_, k) => assignments.filter(a => a === k).length)).toEqual(expected.counts)
      expect(createHash('sha256').update(assignments).digest('hex')).toBe(expected.assign_sha256)
    }
    bound.dispose()
  })
})
