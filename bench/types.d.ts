export interface Prior {
  /** alpha of every component. */
  readonly concentration: number
  /** kappa_0; mu_0 is 0. */
  readonly meanPrecision: number
  /** nu_0; Sigma_0 is the identity. */
  readonly degreesOfFreedom: number
}

/** What EM climbs: the log posterior, or the log-likelihood. The work of an iteration is the same. */
export type Objective = 'map' | 'ml'

export interface Dataset {
  readonly name: string
  readonly rows: number
  readonly columns: number
  readonly components: number
  /** EM iterations of one repetition. */
  readonly iterations: number
  readonly prior: Prior
  /** The rows, row-major. */
  readonly values: () => Promise<Float64Array<ArrayBuffer>>
}

/** A line to a contestant; see README.md. */
export interface Request {
  readonly rows: string
  readonly start: string
  readonly n: number
  readonly d: number
  readonly k: number
  readonly iterations: number
  readonly objective: Objective
  readonly prior: Prior
  readonly check: boolean
}

/** A line from a contestant. */
export interface Answer {
  readonly version?: string
  readonly msPerIteration?: number
  readonly peakMegabytes?: number
  readonly logLikelihood?: number
  readonly error?: string
}

export interface Contestant {
  /** What `--only` knows it by. */
  readonly name: string
  readonly title: string
  readonly threads: number | 'all'
  readonly objective: Objective
  readonly command: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** Why it cannot run, where that is known beforehand. */
  readonly unavailable?: string | undefined
}

export interface Result {
  readonly contestant: Contestant
  readonly version: string | undefined
  /** Milliseconds an iteration, one for each repetition. */
  readonly milliseconds: ReadonlyArray<number>
  readonly peakMegabytes: number | undefined
  /** Relative difference of the log-likelihood from our reference of the same objective. */
  readonly disagreement: number | undefined
  readonly error: string | undefined
}

export interface DatasetResults {
  readonly dataset: Dataset
  readonly results: ReadonlyArray<Result>
}

/** What the machine can do with a number of threads. */
export interface Limits {
  readonly threads: number
  readonly readGigabytes: number
  readonly gigaflops: number
}

export interface EndToEnd {
  readonly what: string
  /** Seconds of each repetition. */
  readonly seconds: ReadonlyArray<number>
  readonly error?: string
}

/** Foregrounds of a photo by somebody, in milliseconds of processor time. */
export interface ForegroundTimes {
  readonly photo: string
  readonly contestant: string
  readonly milliseconds: ReadonlyArray<number>
  /** Of a cut after a stroke, where that was measured. */
  readonly strokes: ReadonlyArray<number>
  readonly error?: string | undefined
}

/** A program that answers requests line by line, in one thread. */
export interface Program {
  readonly name: string
  readonly command: ReadonlyArray<string>
  readonly environment: Readonly<Record<string, string>>
  /** Why it cannot run, where that is known beforehand. */
  readonly unavailable?: string | undefined
}

/** How every part of the bench is to measure. */
export interface Settings {
  readonly quick: boolean
  readonly repetitions: number
  /** A folder for data. */
  readonly folder: string
  /** Parts of the names of contestants or data sets, where not all are wanted. */
  readonly only: ReadonlyArray<string>
  /** Why what was to be set up is not there, by its name. */
  readonly failures: ReadonlyMap<string, string>
  /** Why there is no Python. */
  readonly noPython: string | undefined
}

/** Of one contestant: milliseconds of processor time an iteration, of whole fits and of the best later iterations. */
export interface FitTimes {
  readonly fit: ReadonlyArray<number>
  readonly steady: ReadonlyArray<number>
  readonly error?: string | undefined
}

/** Fits to clusters, with all computed and with what rounds away left out. */
export interface ApartTimes {
  readonly rows: number
  readonly columns: number
  readonly components: number
  /** How far they are apart, or what they are. */
  readonly clusters: string
  readonly times: Readonly<Record<string, FitTimes>>
}

/** What a contestant is to do of what surrounds the E-step. */
export interface RoadRequest {
  readonly work: string
  /** A file of N x D float64 values. */
  readonly rows: string
  readonly n: number
  readonly d: number
  readonly k: number
  readonly iterations: number
  readonly seed: number
}

/** What surrounds the E-step, by somebody, in milliseconds of processor time. */
export interface RoadTimes {
  readonly work: string
  readonly by: string
  readonly milliseconds: ReadonlyArray<number>
  readonly error?: string | undefined
}

/** A kernel of tensors on a backend, beside a path by the calling thread, in the least milliseconds of processor time. */
export interface TensorTimes {
  readonly backend: string
  readonly what: string
  readonly kernel?: number
  readonly host?: number
  readonly error?: string | undefined
}

/** The best milliseconds of processor time of reading data, of an E-step and of a fit of ten iterations. */
export interface TableTimes {
  readonly name: string
  readonly contestant: string
  readonly load: number
  readonly step: number
  readonly fit: number
  readonly error?: string | undefined
}

/** An E-step on rows of a database, in milliseconds of processor time, and what a fit came to. */
export interface DatabaseTimes {
  readonly name: string
  readonly contestant: string
  readonly step: number
  readonly objective: number
  readonly error?: string | undefined
}

/** Milliseconds of processor time of an iteration at a size, ours and the peer's. */
export interface ScalingTimes {
  /** Which size grows: N, D or K. */
  readonly of: string
  readonly size: number
  readonly shape: string
  readonly ours: number
  readonly peer: number
  readonly error?: string | undefined
}

/** The most memory that a process held, in megabytes. */
export interface MemoryUse {
  readonly what: string
  readonly megabytes: number
  /** Of a photo, beyond what decoding it takes. */
  readonly bytesPerPixel?: number
  readonly error?: string | undefined
}

/** Iterations on data sets, and what the machine could do at the most. */
export interface Iterations {
  readonly datasets: ReadonlyArray<DatasetResults>
  readonly skipped: ReadonlyArray<string>
  readonly limits: ReadonlyArray<Limits> | string
}

/** What npm installs for a mixture. */
export interface Installed {
  readonly packages: number
  readonly megabytes: number
}

/** What the parts of a run found; of those that did not run, or failed, nothing. */
/** Fits of ten iterations to sparse rows, in milliseconds of processor time, and the memory of the process in megabytes. */
export interface DocumentTimes {
  readonly name: string
  readonly by: string
  readonly milliseconds: ReadonlyArray<number>
  readonly peak: number
  readonly error?: string | undefined
}

/** An E-step over rows somewhere, in milliseconds of processor time. */
export interface BlocksTimes {
  readonly shape: string
  readonly work: string
  readonly milliseconds: ReadonlyArray<number>
  readonly error?: string | undefined
}

export interface BlocksRequest {
  /** Where the rows are to be. */
  readonly work: string
  readonly n: number
  readonly d: number
  readonly k: number
  readonly folder: string
}

export interface Findings {
  readonly files?: ReadonlyArray<BlocksTimes>
  readonly iterations?: Iterations
  readonly road?: ReadonlyArray<RoadTimes>
  readonly tables?: ReadonlyArray<TableTimes>
  readonly databases?: ReadonlyArray<DatabaseTimes>
  readonly tensors?: ReadonlyArray<TensorTimes>
  readonly documents?: ReadonlyArray<DocumentTimes>
  readonly apart?: ReadonlyArray<ApartTimes>
  readonly foregrounds?: ReadonlyArray<ForegroundTimes>
  readonly scaling?: ReadonlyArray<ScalingTimes>
  readonly memory?: ReadonlyArray<MemoryUse>
  readonly ends?: ReadonlyArray<EndToEnd>
  readonly installed?: Installed
}
