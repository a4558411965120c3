export type Rating = { readonly user: string; readonly movie: string; readonly rating: number }

/**
 * What came of an operation: `ok` was acknowledged; `refused` was not done, as its answer says or
 * because it never left; of the rest nobody can say.
 */
export type Outcome = 'ok' | 'refused' | 'unknown'

/** What was asked of the service, as its client saw it; times are milliseconds of one clock. */
export type Operation = {
  readonly kind: 'import' | 'rate' | 'erase' | 'train' | 'promote' | 'rollback' | 'schedule'
  readonly begun: number
  readonly ended: number
  readonly outcome: Outcome
  /** Of an import, or the one of a live rating. */
  readonly ratings?: readonly Rating[]
  /** Who is erased. */
  readonly user?: string
  /** The segment of an import, the id of an erasure or of a job, the version that was promoted. */
  readonly id?: string
}

export type History = {
  readonly operations: readonly Operation[]
  /** When Redis was emptied: what it alone had until then may be gone. */
  readonly emptied: readonly number[]
}

/** What is there once all is whole again and nothing is under way. */
export type FinalState = {
  /** What a training would learn from. */
  readonly ratings: readonly Rating[]
  /** The segments of the imports that are listed. */
  readonly imports: readonly string[]
  readonly erasures: readonly { readonly id: string; readonly isFinished: boolean }[]
  /** Jobs that a client was told of; `null` where the service knows nothing of it. */
  readonly jobs: readonly {
    readonly id: string
    readonly state: string | null
    readonly detail: string
  }[]
  readonly models: readonly { readonly version: string; readonly jobId: string | null }[]
  readonly serving: string | null
  /** The versions that began to serve, newest first. */
  readonly served: readonly string[]
  /** When the ticks were due that the schedule has done; null where there is no schedule. */
  readonly ticks: readonly string[] | null
  /** Processes of the service that outlived it. */
  readonly strays: readonly string[]
  /** Files that nobody needs and nobody removes. */
  readonly leftOver: readonly string[]
  /** What did not come to its end in time. */
  readonly stuck: readonly string[]
}
