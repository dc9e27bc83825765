import { type BackendRequest, backendNames } from '@conjugate/executors'
import { choice, type Option } from './option.js'

const among: readonly BackendRequest[] = ['auto', ...backendNames]

/** `--backend`: where the sums over the data run, whatever executors there are. */
export const backendOption: Option<BackendRequest> = choice<BackendRequest>({
  help: among.join(', '),
  among,
  fallback: 'auto',
  variable: 'CONJUGATE_BACKEND',
})
