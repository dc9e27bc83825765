import { reasonOf } from '@conjugate/command-line'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CoursePhoto, sumOf, urlsOf } from './course-photos.js'

export type DownloadError =
  | { readonly _tag: 'DownloadFailed'; readonly photo: CoursePhoto; readonly reason: string }
  | { readonly _tag: 'WrongChecksum'; readonly photo: CoursePhoto; readonly url: string }

/** Gets a URL: the status of the answer and its bytes. It rejects where there is no answer. */
export type Get = (url: string) => Promise<{ readonly status: number; readonly bytes: Uint8Array }>

const TIMEOUT_MS = 30_000

/** Over the network, by way of the proxy that the environment names, if any. */
export const getOverNetwork: Get = async url => {
  // Most runs read a photo that is here.
  const { EnvHttpProxyAgent, fetch } = await import('undici')
  const response = await fetch(url, {
    dispatcher: new EnvHttpProxyAgent(),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) }
}

// What went wrong on the way is in the cause; the error itself only says `fetch failed`.
const networkReason = (error: unknown): string =>
  reasonOf(error instanceof Error && error.cause !== undefined ? error.cause : error)

// The module takes a while to load, and most photos have no sum.
export const hasSum = (photo: CoursePhoto, bytes: Uint8Array): boolean =>
  process.getBuiltinModule('node:crypto').createHash('sha256').update(bytes).digest('hex') === sumOf(photo)

/** The bytes of a course photo, checked against its sum. */
export const downloadPhoto = (photo: CoursePhoto, get: Get): TE.TaskEither<DownloadError, Uint8Array> => {
  const failed = (reason: string): DownloadError => ({ _tag: 'DownloadFailed', photo, reason })
  const from = ([url, ...others]: readonly string[]): TE.TaskEither<DownloadError, Uint8Array> =>
    url === undefined
      ? TE.left(failed('the course no longer offers it'))
      : pipe(
          TE.tryCatch(
            () => get(url),
            cause => failed(networkReason(cause)),
          ),
          TE.chain(({ status, bytes }) => {
            if (status === 404) return from(others)
            if (status !== 200) return TE.left(failed(`the server answered ${status}`))
            return hasSum(photo, bytes)
              ? TE.right(bytes)
              : TE.left<DownloadError>({ _tag: 'WrongChecksum', photo, url })
          }),
        )
  return from(urlsOf(photo))
}
