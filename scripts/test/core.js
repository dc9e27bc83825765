/**
 * What `pnpm test` runs: of every package what tells soonest that something is wrong (laws, references, inference, errors,
 * code on pages), in less than a minute on two cores. `pnpm test:all` runs these and all others.
 */
export const core = [
  'packages/linalg/test/{cholesky,polygamma,reading,special}.test.ts',
  'packages/distributions/test/{conjugacy,counts,derived-pair,fixtures,member,references,validation}.test.ts',
  'packages/em/test/*.test.ts',
  'packages/executors/test/{extremes,given-responsibilities,grouping,kinds,refusals,select,uniform,with-loaded}.test.ts',
  'packages/executors/test/own/*.test.ts',
  'packages/models/test/{door,gaussian-mixture}.test.ts',
  'packages/models/test/derivations/*.test.ts',
  'packages/models/test/hidden-markov-model/structure.test.ts',
  'packages/models/test/inference/{gibbs,maximum-likelihood}.test.ts',
  'packages/models/test/labels/*.test.ts',
  'packages/models/test/mixture/{conjugate,every-mixture,functions,options,reading,tables,wrong-input}.test.ts',
  'packages/models/test/results/after.test.ts',
  'packages/images/test/{alpha-expansion,mean-field,pictures}.test.ts',
  'packages/csv/test/*.test.ts',
  'packages/plots/test/*.test.ts',
  'packages/spark/test/statements.test.ts',
  'examples/command-line/test/parse.test.ts',
  'examples/figures/test/label-map.test.ts',
  'examples/segmentation/test/{colours,options}.test.ts',
  'tests/{architecture,core,dependencies,docstrings,errors-page,families-pages,readme}.test.ts',
]
