import { tensorBackends } from '@conjugate/testing/tensors'
import { laws } from './laws.js'
import { ask } from './questions.js'

for (const [name, activate] of tensorBackends) laws({ name, activate, ask, conditioned: 0 })
