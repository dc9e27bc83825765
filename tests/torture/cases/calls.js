// In a process of its own: valid calls with one or two changes each, and what becomes of them.
import { random } from '@conjugate/distributions'
import { constructorCalls } from '../calls/constructors.js'
import { engineCalls } from '../calls/engine.js'
import { modelCalls } from '../calls/models.js'
import { numberCalls } from '../calls/numbers.js'
import { wrongResult } from '../support/contract.js'
import { mutate, unwrapped } from '../support/junk.js'

const { first, count, seed, only, strict } = JSON.parse(process.argv[2])
const tell = message => process.send(message)
const calls = [...constructorCalls, ...numberCalls, ...engineCalls, ...(await modelCalls())].filter(
  c => !only || c.name === only,
)
if (calls.length === 0) throw new Error(`there is no call named ${only}`)

let current = { case: 0, label: '' }
const complain = (kind, text) => tell({ violation: { kind, ...current, text: text.slice(0, 300) } })
process.on('unhandledRejection', error => complain('rejects unseen', String(error?.stack ?? error)))

for (let index = first; index < count; index++) {
  const stream = random(seed, index)
  const call = calls[stream.integer(calls.length)]
  tell({ begun: index, label: call.name })
  const args = call.args()
  const changes = []
  for (let i = stream.integer(10) === 0 ? 2 : 1; i > 0 && index >= calls.length / 4; i--)
    changes.push(mutate(args, stream, strict))
  current = { case: index, label: `${call.name} with ${changes.join(' and ') || 'no change'}` }
  tell({ begun: index, label: current.label })
  try {
    const wrong = wrongResult(await call.run(...unwrapped(args)), call)
    if (wrong !== undefined) complain('wrong result', wrong)
  } catch (error) {
    complain('throws', String(error?.stack ?? error))
  }
}
// What rejects unseen is heard in the next turn.
await new Promise(resolve => setTimeout(resolve, 20))
process.send({ done: true }, () => process.exit())
