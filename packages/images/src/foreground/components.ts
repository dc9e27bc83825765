import { type MultivariateNormal, random } from '@conjugate/distributions'
import { checkOptions, type InvalidOption, tryCall } from '@conjugate/em'
import { atLeast, exactly, optional, whole } from '@conjugate/em/schema'
import { type Executor, selectExecutor } from '@conjugate/executors'
import type { FitError } from '@conjugate/models'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { checkSmoothness, DEFAULT_SMOOTHNESS } from '../grid/contrast.js'
import { checkImage, type RgbImage } from '../grid/image.js'
import { openJournal } from './journal.js'
import type { Learnt } from './learnt.js'
import { type Level, type LevelOptions, openLevel, withLevel } from './level.js'
import { atomsOf } from './palette.js'
import { follow, type PathOptions, type Point, type Reached } from './path.js'
import { searchFields } from './search-fields.js'
import { along, nth, SHARES, teller, toldOf } from './shares.js'
import { enlarge, shrinkTo } from './size.js'
import type { Fitted, SearchOptions, Size } from './types.js'
import { improveInWindows } from './windows.js'

/** How many components a picture has, and how they are found. */
export interface SmoothComponentsOptions extends SearchOptions {
  /** K, from 1 to 256. */
  readonly components: number
  /** How much neighbours like to have the same component; 0.05 by default. With 0 a pixel has that of its colour. */
  readonly smoothness?: number
  /** How many starts are drawn besides the one that is computed; 2 by default. The one that leads highest is kept. */
  readonly restarts?: number
  /** Of the starts that are drawn; 0 by default. */
  readonly seed?: number
}

/** Components of the colours of a picture, of which neighbours tend to have the same. */
export interface SmoothComponents extends Fitted {
  /** N: the component of each pixel, from 0 on; 0 where a pixel is transparent. */
  readonly labels: Uint8Array
  /** K Gaussians of colours as `labOf` gives them. */
  readonly components: ReadonlyArray<MultivariateNormal>
}

const COARSE_PIXELS = 15_000
const FINE_PIXELS = 150_000
const ROUNDS = 30
const FINE_STEPS = 1

const fields = {
  components: whole(1, 256),
  smoothness: optional(atLeast(0)),
  restarts: optional(whole(0)),
  seed: optional(whole(0, 2 ** 32 - 1)),
  ...searchFields,
}

/** Where a path starts: the Gaussians of a mixture that is fitted to the colours without a field. */
const mixtureStart = (
  executor: Executor,
  { colours, labelCount }: Level,
  draws: ReturnType<typeof random> | undefined,
): TE.TaskEither<FitError, Learnt> =>
  pipe(
    atomsOf(executor, colours, labelCount, draws),
    TE.map(({ parameters }) => ({
      weights: new Float64Array(labelCount).fill(1),
      components: parameters.components,
    })),
  )

const highestOf =
  (
    executor: Executor,
    level: Level,
    options: SmoothComponentsOptions,
    path: (i: number, count: number) => PathOptions,
  ): TE.TaskEither<FitError, Reached> =>
  async () => {
    // What is drawn are distinct colours.
    const drawn = level.colours.rows < level.labelCount ? 0 : (options.restarts ?? 2)
    let best: Reached | undefined
    for (let restart = 0; restart <= drawn; restart++) {
      const draws = restart === 0 ? undefined : random(options.seed ?? 0, restart)
      const start = await mixtureStart(executor, level, draws)()
      if (E.isLeft(start)) return start
      const reached = await follow(level, start.right, path(restart, drawn + 1))()
      if (E.isLeft(reached)) return reached
      if (best === undefined || reached.right.last.objective > best.last.objective) best = reached.right
    }
    return E.right(best!)
  }

const componentsChecked =
  (executor: Executor, image: RgbImage, options: SmoothComponentsOptions): TE.TaskEither<FitError, SmoothComponents> =>
  async () => {
    const { signal, acceleration = 'none', iterations = ROUNDS } = options
    const counts: LevelOptions = {
      labels: options.components,
      components: 1,
      smoothness: options.smoothness ?? DEFAULT_SMOOTHNESS,
    }
    const { seed, restarts, tolerance, coarsePixels, finePixels } = options
    const decisive = { counts, seed, restarts, acceleration, iterations, tolerance, coarsePixels, finePixels }
    const journal = await openJournal(options.checkpoint, image, { ...decisive, backend: executor.description })()
    if (E.isLeft(journal)) return journal
    const tell = teller(options)
    const path = (stage: string, size: Size, part: readonly [number, number], most: number): PathOptions => ({
      acceleration,
      journal: journal.right,
      iterations: Math.min(most, iterations),
      ...(options.tolerance !== undefined && { tolerance: options.tolerance }),
      ...(signal && { signal }),
      onIteration: (point: Point) => tell(stage, along(part, point.index, most), toldOf(point, size)),
    })
    const nothing = (pixels: number) => ({ fixed: new Int8Array(pixels).fill(-1) })
    const open = ({ width, height, ...rest }: RgbImage) =>
      openLevel(executor, { width, height, ...rest }, nothing(width * height), counts)

    const small = shrinkTo(image, options.coarsePixels ?? COARSE_PIXELS)
    const coarse = await withLevel(open(small.image), level =>
      highestOf(executor, level, options, (i, count) =>
        path(`start ${i + 1} of ${count}`, small.image, nth([SHARES.coarse, SHARES.fine], i, count), ROUNDS),
      ),
    )()
    if (E.isLeft(coarse)) return coarse
    const found = coarse.right
    const fine = shrinkTo(image, options.finePixels ?? FINE_PIXELS)
    const labels = enlarge(found.last.expectation.statistics.labels, small, fine.image, fine.factor)
    const settled: E.Either<FitError, Reached> =
      fine.factor === small.factor
        ? coarse
        : await withLevel(open(fine.image), level =>
            follow(
              level,
              { ...found.last.parameters, labels },
              path('whole picture', fine.image, [SHARES.fine, SHARES.windows], FINE_STEPS),
            ),
          )()
    if (E.isLeft(settled)) return settled
    const { last, objectives } = settled.right
    const { parameters, statistics } = { ...last, ...last.expectation }
    const whole = enlarge(statistics.labels, fine, image, 1)
    if (fine.factor > 1) {
      const told = (share: number): E.Either<FitError, undefined> => {
        if (signal?.aborted) return E.left({ _tag: 'Cancelled', iteration: last.index })
        const at = SHARES.windows + (1 - SHARES.windows) * share
        return pipe(
          tryCall('onIteration', () => tell('all pixels', at)),
          E.map(() => undefined),
        )
      }
      const improvable = { image, labels: whole }
      const improved = await improveInWindows(executor, improvable, 2 * fine.factor, counts, parameters, told)()
      if (E.isLeft(improved)) return improved
    }
    return E.right({
      labels: whole,
      components: parameters.components,
      objective: last.objective,
      objectives,
      parts: { ...statistics.parts, logPrior: last.logPrior },
      fitted: { width: fine.image.width, height: fine.image.height },
      coarse: { width: small.image.width, height: small.image.height, objectives: found.objectives },
      backend: executor.description,
    })
  }

/**
 * Components of the colours of a picture, each a Gaussian in Lab with a normal-inverse-Wishart prior, under a field that follows
 * its contrast: labels y in 0 to K - 1 and parameters theta are at a (local) maximum of
 * J(y, theta) = log p(x | y, theta) + log p(theta) - sum of w_mn over neighbours m, n whose labels differ, which no step lowers:
 * the labels by alpha-expansion, the parameters by MAP-EM, in turns. `smoothComponents(image, options)`.
 * Errors: the picture or an option is none; smoothness makes gamma more than 16,384 nats; the backend is not available; a function among the options throws; it is cancelled.
 * Source: Zabih and Kolmogorov, Spatially coherent clustering using graph cuts (2004), with conjugate priors.
 */
export const smoothComponents = (
  image: RgbImage,
  options: SmoothComponentsOptions,
): TE.TaskEither<FitError, SmoothComponents> =>
  pipe(
    checkImage(image),
    E.chain((): E.Either<InvalidOption, unknown> => checkOptions(exactly(fields))(options)),
    E.chain(() => checkSmoothness(image, options.smoothness ?? DEFAULT_SMOOTHNESS)),
    TE.fromEither,
    TE.chainW(() => selectExecutor(options.backend, options.threads ?? 1)),
    TE.chainW(executor => componentsChecked(executor, image, options)),
  )
