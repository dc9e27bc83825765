import type { Law } from './assert.js'
import type { DistributionCase, FamilyCase } from './case.js'
import { distributionLaws } from './distribution.js'
import { familyLaws } from './family.js'
import { pairLaws } from './pair.js'
import type { PairCase } from './pair-case.js'

export type { Law } from './assert.js'
export { type Continuous, type Discrete, type DistributionCase, type FamilyCase, ofNumbers } from './case.js'
export type { PairCase } from './pair-case.js'
export { distributionLaws, familyLaws, pairLaws }

/** The two functions of a test framework that laws need: those of Vitest, Jest, Mocha or node:test. */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => unknown
  readonly test: (name: string, body: () => void) => unknown
}

const register =
  ({ describe, test }: TestFramework, name: string) =>
  (laws: ReadonlyArray<Law>): void => {
    describe(name, () => {
      for (const law of laws) test(law.name, law.check)
    })
  }

/** Tests the laws of a distribution. */
export const describeDistribution =
  (framework: TestFramework) =>
  <P, X, V, M>(given: DistributionCase<P, X, V, M>): void =>
    register(framework, `laws of ${given.family.name}`)(distributionLaws(given))

/**
 * Tests the laws of an exponential family: its density, moments, mode, sampler, both parametrisations and the ways between
 * them, log-normaliser, Fisher information, divergence and maximum likelihood, each against another.
 */
export const describeFamily =
  (framework: TestFramework) =>
  <P, X, V, M>(given: FamilyCase<P, X, V, M>): void =>
    register(framework, `laws of ${given.family.name}`)(familyLaws(given))

/** Tests the laws of a conjugate pair: Bayes' theorem, statistics, marginal likelihood, mode and expectations. */
export const describePair =
  (framework: TestFramework) =>
  <Q, P, X, S>(given: PairCase<Q, P, X, S>): void =>
    register(framework, `laws of ${given.name}`)(pairLaws(given))
