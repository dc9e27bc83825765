import * as E from 'fp-ts/lib/Either.js'
import type { Densities, ExecutorError } from '../../contract/executor.js'
import { instanceOf } from '../kernel/kernel.js'
import { failed, type Resident } from '../kernel/resident.js'
import type { Workspace } from '../kernel/workspace.js'
import type { SkippingExports } from './exports.js'
import { skippingModule } from './module.js'
import type { Sequence, Skipping } from './sequence.js'
import { stepsOn } from './steps.js'
import { isWorth } from './worth.js'

/** What steps of sequences need on rows, made when the first one is asked for. */
const stepsFor = async (resident: Resident): Promise<E.Either<ExecutorError, Skipping>> => {
  if (resident.steps) return E.right(resident.steps)
  try {
    const module = await skippingModule(resident.shape.threads > 1 ? 'shared memory' : 'own memory')
    const skipping = (await instanceOf(module, resident.memory, resident.kernel)) as SkippingExports
    resident.steps ??= stepsOn(resident, skipping)
    return E.right(resident.steps)
  } catch (reason) {
    return E.left(failed(reason))
  }
}

/** Adds up the sums of all rows, once memory is ready for it, and makes something of them before all else. */
type Summed = <A>(
  prepared: (resident: Resident) => E.Either<ExecutorError, Workspace>,
  end: (totals: Float64Array) => A,
) => E.Either<ExecutorError, A> | Promise<E.Either<ExecutorError, A>>

/**
 * The sums of a step of a sequence; none where it is not worth it, where there is no memory for what is to be remembered, and
 * where too much was left out: then everything has to be computed.
 */
export const sumsOfStep = async (
  { resident, summed }: { readonly resident: Resident; readonly summed: Summed },
  densities: Densities,
  sequence: Sequence,
): Promise<E.Either<ExecutorError, Float64Array> | undefined> => {
  if (!isWorth(resident.shape, densities)) return undefined
  const made = await stepsFor(resident)
  if (E.isLeft(made)) return made
  const steps = made.right
  const found = await summed(
    () => steps.begin(densities, sequence),
    totals => (steps.end(totals) ? totals : undefined),
  )
  return E.isRight(found) && found.right ? E.right(found.right) : undefined
}

export { skippingModule }
