import { Button } from '../../shell/controls.js'
import { cancel, fitted, progress } from '../state.js'
import { whole } from '../tell/numbers.js'

/** How far the fits are, and the way to end them. */
export const FitProgress = () => {
  const now = progress.value
  const most = fitted.value?.to ?? 1
  const start = now && now.restart > 0 ? ` of start ${now.restart + 1}` : ''
  return (
    <div class="fit-progress">
      <div>
        <progress max={most} value={now ? now.count - 1 : 0} aria-label="Numbers of components that are fitted" />
        <p class="hint figure">
          {now ? `${now.count} of ${most} components, iteration ${whole(now.iteration)}${start}` : 'Starting'}
        </p>
      </div>
      <Button onClick={cancel}>Cancel</Button>
    </div>
  )
}
