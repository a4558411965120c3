import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { compactLive } from '../../../src/live/folding/compact.ts'
import { foldLive, unfoldedSegments } from '../../../src/live/folding/fold.ts'
import { type LiveKeys, liveKeys } from '../../../src/live/live-keys.ts'
import { liveScripts } from '../../../src/live/scripts.ts'
import { writeEvent } from '../../../src/live/stream-entry.ts'
import { encodeModel } from '../../../src/model/file/model-file.ts'
import { trainingSpecSchema } from '../../../src/model/spec/training-spec.ts'
import { createRandom } from '../../../src/numeric/random/random.ts'
import type { Attempt } from '../../../src/queue/worker/attempt.ts'
import { jobCheckpoints } from '../../../src/queue/worker/job-checkpoints.ts'
import type { JobTools } from '../../../src/queue/worker/job-tools.ts'
import { runTrainingJob } from '../../../src/queue/worker/training/run-training-job.ts'
import { createModelRegistry } from '../../../src/storage/model-registry.ts'
import { importMovies } from '../../../src/storage/movies/import-movies.ts'
import type { ObjectStore } from '../../../src/storage/object-store.ts'
import { importRatings } from '../../../src/storage/ratings/import-ratings.ts'
import { loadRatings, ratingsOf } from '../../../src/storage/ratings/load-ratings.ts'
import { storedNames } from '../../../src/storage/segments/segment-names.ts'
import { loadTrainingMaterial } from '../../../src/storage/training-material.ts'
import { trainModel } from '../../../src/training/train.ts'
import { moviesCsv } from '../bench.ts'
import { cardOf, dotBiasModel, emptyReport } from '../models.ts'

/** Something that is done to a store, once or, after a failure, again. */
export type Flow = {
  readonly name: string
  /** What it needs in an empty store. */
  prepare(store: ObjectStore): Promise<unknown>
  /** What differs once it is done, in the order in which that may be seen; see `statesBetween`. */
  readonly steps: readonly (readonly RegExp[])[]
  /** A new setting for a run and those that repeat it. */
  begin(): Promise<{
    /** Attempts are counted from 1. */
    run(store: ObjectStore, attempt: number): Promise<unknown>
    /** What is true of a store besides what it shows; an error where it is not. */
    check?(store: ObjectStore): Promise<unknown>
    /** What is true once it has ended well. */
    checkEnd?(store: ObjectStore): Promise<unknown>
  }>
}

const logger = pino({ level: 'silent' })

function csvOf(seed: number): Buffer {
  const random = createRandom(seed, 'faults')
  const lines = Array.from({ length: 60 }, (_, i) => {
    return `u${1 + (i % 12)},m${1 + random.below(6)},${1 + random.below(5)},${1_000 * seed + i}`
  })
  return Buffer.from(`userId,movieId,rating,timestamp\n${lines.join('\n')}\n`)
}

function publish(store: ObjectStore, version: string, day: number, attempt = 1) {
  const files = { tensors: encodeModel(dotBiasModel({ seed: day })), report: emptyReport }
  const start = encodeModel(dotBiasModel({ seed: 100 + day }))
  const card = cardOf(version, `2026-01-0${day}T00:00:00.000Z`)
  return createModelRegistry(store).publish({ ...files, start }, card, attempt)
}

/** Ratings, movies and two models, of which the newer serves. */
async function prepare(store: ObjectStore): Promise<void> {
  await importRatings(store, Readable.from([csvOf(1)]))
  await importMovies(store, Readable.from([Buffer.from(moviesCsv)]))
  await publish(store, 'v1', 1)
  await publish(store, 'v2', 2)
}

const importing: Flow = {
  name: 'import',
  prepare,
  // A process that dies in between leaves a scale; all that is stored lies within.
  steps: [[/^scale$/], [/^ratings$/, /^imports$/]],
  begin: async () => ({
    run: (store) => importRatings(store, Readable.from([csvOf(2)]), { scale: [0.5, 5] }),
  }),
}

const publication: Flow = {
  name: 'publication',
  prepare,
  steps: [[/^model v3$/], [/^pointer$/], [/^model v1$/]],
  begin: async () => ({
    async run(store, attempt) {
      await publish(store, 'v3', 3, attempt)
      await createModelRegistry(store).prune(2)
    },
  }),
}

const promotion: Flow = {
  name: 'promotion',
  async prepare(store) {
    await prepare(store)
    await createModelRegistry(store).rollback()
  },
  steps: [[/^pointer$/]],
  begin: async () => ({ run: (store) => createModelRegistry(store).promote('v2', 'a key') }),
}

const spec = trainingSpecSchema.parse({
  ...{ algorithm: 'dot-bias', factors: 2, epochs: 2, batchSize: 64, learningRate: 0.05 },
  ...{ ranking: null, seed: 1, refit: false },
})

const training: Flow = {
  name: 'training',
  prepare,
  steps: [[/^model trained$/], [/^pointer$/], [/^model v1$/]],
  async begin() {
    const id = `job-${randomUUID()}`
    const unwanted = () => Promise.reject(new Error('A training asked for it.'))
    const work = { runTrial: unwanted, searchLearningRate: unwanted, openBatch: unwanted }
    const ok = async () => 'newest' as const
    return {
      async run(store, number) {
        const attempt: Attempt = {
          number,
          ...{ restart: ok, report: ok, reportPoint: ok, reportPromotion: ok, noteCheckpoint: ok },
          ...{ claimPublication: ok, keptTrials: async () => [] },
        }
        const tools: JobTools = {
          work: { loadMaterial: loadTrainingMaterial, trainModel, ...work },
          ...{ store, registry: createModelRegistry(store), backend: 'wasm' },
          exclusively: (work) => work(),
          begin: async () => attempt,
          checkpoints: jobCheckpoints(store, id, 0),
        }
        const asked = { kind: 'train', spec, promote: 'auto', askedBy: null } as const
        const fixed = { version: 'trained', dataVersion: 'any', warmStart: 'auto' } as const
        const { signal } = new AbortController()
        await runTrainingJob({ id, payload: { ...asked, ...fixed }, signal }, tools)
        await tools.registry.prune(2)
      },
      async checkEnd(store) {
        const left = await store.list('checkpoints/')
        if (left.length > 0) throw new Error(`Checkpoints are left: ${left}`)
      },
    }
  },
}

/** So many segments of live events are put together. */
const segments = 8
const told = (i: number) =>
  writeEvent({
    type: 'rated',
    userId: `u${1 + (i % 14)}`,
    movieId: `m${1 + (i % 6)}`,
    rating: 1 + (i % 5),
    timestamp: 9_000 + i,
  })

/** All but one of the segments are there; the events of the last are in the log. */
function compaction(redis: Redis): Flow {
  const source = liveKeys(`faults-${randomUUID()}`)
  const tell = (keys: LiveKeys, from: number) =>
    liveScripts(redis, keys).append([told(from), told(from + 1), told(from + 2)])
  return {
    name: 'compaction',
    async prepare(store) {
      await prepare(store)
      await redis.del(source.state, source.events)
      for (let i = 0; i < segments - 1; i++) {
        await tell(source, 3 * i)
        await foldLive({ redis, keys: source, store, logger })
      }
    },
    steps: [[/^ratings$/]],
    async begin() {
      const keys = liveKeys(`faults-${randomUUID()}`)
      await redis.copy(source.state, keys.state)
      await tell(keys, 3 * segments)
      const sum = async (store: ObjectStore) => {
        const stored = await loadRatings(store)
        const unfolded = await unfoldedSegments({ redis, keys, store, logger })
        return { stored, unfolded: unfolded.length > 0 ? ratingsOf(unfolded, null) : null }
      }
      return {
        run: (store) => compactLive({ redis, keys, store, logger }),
        async check(store) {
          const { stored, unfolded } = await sum(store)
          const known = stored.live[0]!.seq
          const left = unfolded?.rating.length ?? 0
          if (known + left !== 3 * segments) throw new Error(`Events: ${known} and ${left} more.`)
        },
        async checkEnd(store) {
          const names = await storedNames(store, 'ratings')
          const live = names.filter((name) => name.includes('-live-'))
          if (live.length !== 1) throw new Error(`Segments are left: ${live}`)
          const events = await redis.xlen(keys.events)
          if (events > 0) throw new Error(`${events} events were not trimmed.`)
          await redis.del(...Object.values(keys).filter((key) => typeof key === 'string'))
        },
      }
    },
  }
}

/** What is tried, one after the other. */
export function allFlows(redis: Redis): Flow[] {
  return [importing, training, publication, promotion, compaction(redis)]
}
