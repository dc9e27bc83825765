import { createHash } from 'node:crypto'
import type { GaussianStatistics } from '@conjugate/distributions'
import { run } from '@conjugate/em'
import type { Executor } from '@conjugate/executors'
import type { Matrix } from '@conjugate/linalg'
import {
  type GaussianMixtureParameters,
  gaussianMixture,
  gaussianMixtureParameters,
  type MixtureStatistics,
  onRows,
} from '@conjugate/models'
import { readPhoto, right, rightOf } from '@conjugate/testing'
import { expect } from 'vitest'

interface ReferenceParameters {
  readonly mus: number[][]
  readonly Sigmas: number[][][]
  readonly pi: number[]
}

export interface Fixture {
  readonly data:
    | { readonly kind: 'inline'; readonly x: ReadonlyArray<ReadonlyArray<number>> }
    | {
        readonly kind: 'image'
        readonly file: string
        readonly width: number
        readonly height: number
        readonly value: string
      }
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
  readonly expected: ReferenceParameters & {
    readonly log_prob: number[]
    readonly resp_sums: number[]
    readonly counts: number[]
    readonly assign_sha256: string
    readonly assign_hash_is_robust: boolean
    readonly final_log_prob_parts: {
      readonly log_likelihood: number
      readonly log_dirichlet: number
      readonly log_niw: number
    }
    readonly after_first_m_step: ReferenceParameters
  }
  readonly provenance: {
    readonly float64_reference_deviation: Readonly<Record<'log_prob_max_rel' | 'mus' | 'Sigmas' | 'pi', number>>
  }
}

export const rowCount = ({ data }: Pick<Fixture, 'data'>): number =>
  data.kind === 'inline' ? data.x.length : data.width * data.height

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

const begin = async (executor: Executor, fixture: Fixture) => {
  const { hypers, init } = fixture
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
    gaussianMixtureParameters(model, {
      weights: hypers.alpha.map(a => a / total),
      components: init.mus.map(mean => ({ mean, covariance: hypers.Sigma0 })),
    }),
  )
  return { bound: await rightOf(onRows(model, await readRows(fixture), executor)), initial }
}

/** How far parameters are from a reference, each on the scale of the largest reference value. */
export interface ParameterDeviations {
  readonly weights: number
  readonly means: number
  readonly covariances: number
}

const parameterDeviations = (p: GaussianMixtureParameters, reference: ReferenceParameters): ParameterDeviations => ({
  weights: deviation(p.weights, reference.pi),
  means: deviation(
    p.components.flatMap(c => Array.from(c.mean)),
    reference.mus.flat(),
  ),
  covariances: deviation(
    p.components.flatMap(c => Array.from(c.covariance.data)),
    reference.Sigmas.flat(2),
  ),
})

/** How far the end of a fit is from its reference. */
interface EndDeviations extends ParameterDeviations {
  /** Of the log joint, its parts, and of the log joint computed once more, on the scale of the trace. */
  readonly parts: number
  readonly counts: number
  /** How many rows each component has, and which. */
  readonly assigned: ReadonlyArray<number>
  readonly assignmentHash: string
}

/** How far a fit is from its reference. */
export interface FitDeviations {
  /** Where there was one. */
  readonly afterFirstStep?: ParameterDeviations
  /** Of the trace, as far as it goes, on the scale of the whole. */
  readonly trace: number
  /** Where all iterations were done. */
  readonly end?: EndDeviations
}

/** Fits from the start of a fixture, all of its iterations or as many as are given. */
export const fitFixture = async (
  executor: Executor,
  fixture: Fixture,
  iterations: number = fixture.hypers.n_iter,
): Promise<FitDeviations> => {
  const { expected } = fixture
  const { bound, initial } = await begin(executor, fixture)
  let afterFirstStep: ParameterDeviations | undefined
  const { last, objectives } = await rightOf(
    run<GaussianMixtureParameters, MixtureStatistics<GaussianStatistics>>({
      iterations,
      onIteration: ({ index, parameters }) => {
        if (index === 1) afterFirstStep = parameterDeviations(parameters, expected.after_first_m_step)
      },
    })(bound.iterations(initial)),
  )
  expect(objectives.length).toBe(iterations + 1)
  const scale = Math.max(...expected.log_prob.map(Math.abs))
  const onTrace = (values: ReadonlyArray<number>, references: ReadonlyArray<number>): number =>
    Math.max(...values.map((v, i) => Math.abs(v - references[i]!))) / scale
  const deviations = {
    ...(afterFirstStep && { afterFirstStep }),
    trace: onTrace(objectives, expected.log_prob.slice(0, objectives.length)),
  }
  const end = async (): Promise<EndDeviations> => {
    const parts = expected.final_log_prob_parts
    const assignments = Uint8Array.from(await rightOf(bound.assignments(last.parameters)))
    return {
      ...parameterDeviations(last.parameters, expected),
      parts: onTrace(
        [last.expectation.logLikelihood, last.logPrior, await rightOf(bound.logJoint(last.parameters))],
        [parts.log_likelihood, parts.log_dirichlet + parts.log_niw, objectives.at(-1)!],
      ),
      counts: deviation(last.expectation.statistics.counts, expected.resp_sums),
      assigned: expected.counts.map((_, k) => assignments.filter(a => a === k).length),
      assignmentHash: createHash('sha256').update(assignments).digest('hex'),
    }
  }
  try {
    return iterations === fixture.hypers.n_iter ? { ...deviations, end: await end() } : deviations
  } finally {
    bound.dispose()
  }
}
