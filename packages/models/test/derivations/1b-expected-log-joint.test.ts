import {
  dirichlet,
  dirichletPrior,
  innerProduct,
  multivariateNormal,
  normalInverseWishart,
} from '@conjugate/distributions'
import { test } from 'vitest'
import { weightsPriorOf } from '../support/weights.js'
import { columnSums, sum } from './plain.js'
import { dirichletConstant, enumerate, gaussianPart, weightsPart } from './reference.js'
import { expectClose, smallCases } from './support.js'

test('C4: the sum over all labellings of q(Z) log p(X, Z, theta) is L1 + L2 + C, for any q', () => {
  for (const { hyper, alpha, theta, rows, q, model, parameters } of smallCases()) {
    const { expectedLogJoint } = enumerate(hyper, alpha, theta, rows, q)

    const logNiw = normalInverseWishart.logProb(model.components.priors[0]!)
    const gaussian = sum(
      parameters.components.map((c, k) => {
        const logProb = multivariateNormal.logProb(c)
        return logNiw(c) + sum(rows.map((x, n) => q[n]![k]! * logProb(x)))
      }),
    )
    const counts = dirichletPrior(columnSums(q).length).evidence(columnSums(q))
    const weights =
      innerProduct(counts, dirichlet.statistic(parameters.weights)) +
      dirichlet.logProb(weightsPriorOf(model))(parameters.weights)
    expectClose(gaussian + weights, expectedLogJoint, 1e-12)

    // Each part by itself, against its sums written out.
    expectClose(gaussian, gaussianPart(hyper, rows, q, theta.components), 1e-12)
    expectClose(weights, weightsPart(alpha, q, theta.weights) + dirichletConstant(alpha), 1e-12)
  }
})
