import type { WriteStream } from 'node:tty'

/** A bar that fills while a photo is fitted. */
export interface Progress {
  readonly update: (done: number) => void
  /** Takes the bar off the screen. */
  readonly stop: () => void
}

const silent: Progress = { update: () => {}, stop: () => {} }

/** A bar of so many iterations, or other units, on a terminal; anywhere else, where it would only litter a log, nothing. */
export const startProgress = async (
  name: string,
  total: number,
  stream: WriteStream,
  unit = 'iterations',
): Promise<Progress> => {
  if (!stream.isTTY) return silent
  const { SingleBar } = await import('cli-progress')
  const bar = new SingleBar({
    stream,
    format: `${name} [{bar}] {value}/{total} ${unit}, {eta_formatted} left`,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    hideCursor: true,
    clearOnComplete: true,
  })
  bar.start(total, 0)
  return { update: done => bar.update(done), stop: () => bar.stop() }
}
