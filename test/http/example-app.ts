import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import type { TestContext } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { countRecent } from '../../src/model/data/recent-ratings.ts'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import type { EngineReport } from '../../src/model/engine-report.ts'
import { encodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import type { ModelReport } from '../../src/model/report.ts'
import { bayesSpecSchema } from '../../src/model/spec/bayes-spec.ts'
import { rankingSettings } from '../../src/model/spec/ranking-spec.ts'
import { openTrainingQueue } from '../../src/queue/producer/training-queue.ts'
import { createRuns } from '../../src/queue/schedules/runs.ts'
import { findKept, openTickQueue } from '../../src/queue/schedules/schedule-queue.ts'
import { openSchedules } from '../../src/queue/schedules/schedules.ts'
import { openBatches } from '../../src/storage/batches/batches.ts'
import type { UnsealedCard } from '../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { openApp } from '../support/app.ts'
import { keptLog } from '../support/bench.ts'
import { rankedModel } from '../support/models.ts'

/** What the examples call the model that serves, the one before it, jobs, an import, an erasure. */
export const exampleIds = {
  serving: '20260102t080000000-7d1e52c4',
  earlier: '20260101t080000000-0b9f3c65',
  queued: 'job-5f0c1e7a9b2d4c6e8f7a1b3c',
  cancelled: 'job-2a4e6c8b1d3f5a7c9e0b2d4f',
  batch: 'job-7c3e1a9f5b2d4c6e8f0a1b2c',
  experiment: 'autumn-bayes',
  import: '1767340800000-55f1da5c1241387c',
  erasure: '1767344400000-9c1d2e3f4a5b6c7d',
}

const moviesCsv = `movieId,title,genres
318,"Shawshank Redemption, The (1994)",Crime|Drama
296,Pulp Fiction (1994),Comedy|Crime|Drama
356,Forrest Gump (1994),Comedy|Drama|Romance
2571,"Matrix, The (1999)",Action|Sci-Fi
1,Toy Story (1995),Adventure|Animation|Children
4973,Amélie (2001),Comedy|Romance
`
const ratingsCsv = 'userId,movieId,rating,timestamp\n15,318,5,1000\n16,356,3,1000\n'

/** The seeded model of the tests, with ids as MovieLens has them and a rating a day. */
function exampleModel(): Model {
  const model = rankedModel()
  const { movieIndex } = model.rated
  const movies = new Vocabulary(['318', '296', '356', '2571', '1', '4973'])
  const timestamp = Uint32Array.from(movieIndex, (_, row) => 1_766_275_200 + row * 86_400)
  return {
    ...model,
    users: new Vocabulary(['15', '16', '17', '18']),
    ranking: { ...model.ranking!, meanUser: Float32Array.of(0.1) },
    movies,
    recent: countRecent(movies, [{ movies, movieIndex, timestamp }]),
  }
}

const errors = { rmse: 0.8602, mse: 0.74, mae: 0.66, rows: 4 }
const epoch = {
  epoch: 1,
  epochs: 1,
  trainMse: 0.71,
  validMse: 0.74,
  learningRate: null,
  ratingsPerSecond: 250_000,
  seconds: 0.5,
}

function exampleCard(version: string, createdAt: string, newestImport: string): UnsealedCard {
  return {
    version,
    createdAt,
    jobId: null,
    spec: bayesSpecSchema.parse({
      algorithm: 'bayes',
      sweeps: 1,
      ranking: { ...rankingSettings[0], epochs: 12, priorRatings: 1, likedFrom: 4 },
    }),
    engine: 'simd',
    backend: 'wasm',
    device: 'WebAssembly SIMD, 4 threads',
    data: {
      ...{ version: '5c2e8a91', ratings: 12, users: 4, movies: 6, trainRows: 8, validRows: 4 },
      newestImport,
    },
    ratingScale: [0.5, 5],
    likedFrom: 4,
    refit: { rows: 12, epochs: 51, seconds: 0.6 },
    trainSeconds: 0.5,
    rankingSeconds: 0.1,
    epochs: [epoch],
    metrics: errors,
    rankingMetrics: { 'ndcg@10': 0.21, 'recall@10': 0.3, 'hit@10': 0.5, users: 2 },
    baselines: {
      'global-mean': { rmse: 1.0296, mse: 1.06, mae: 0.85, rows: 4 },
      'bias-only': { rmse: 0.9, mse: 0.81, mae: 0.7, rows: 4 },
    },
    intervals: null,
  }
}

const exampleReport: ModelReport = {
  algorithm: 'bayes',
  losses: [{ epoch: 1, trainMse: 0.71, validMse: 0.74 }],
  rates: [],
  predictedVsActual: {
    columnSpacing: 0.25,
    rowSpacing: 0.288675,
    rows: 4,
    bins: [{ actual: 4, predicted: 3.897114, count: 4 }],
  },
  errorByUserRatings: [{ from: 2, to: 3, rows: 4, rmse: 0.8602 }],
  errorByMovieRatings: [{ from: 1, to: 1, rows: 4, rmse: 0.8602 }],
  tensors: [{ name: 'user_factors', dtype: 'F32', shape: [4, 3], sizeBytes: 48 }],
}

const exampleEngines: EngineReport = {
  host: 'films-1',
  checkedAt: '2026-01-02T07:59:00.000Z',
  engines: [
    {
      engine: 'simd',
      backend: 'wasm',
      isAvailable: true,
      device: 'WebAssembly SIMD, 4 threads',
      isSoftware: false,
      reason: null,
    },
  ],
  auto: [{ algorithm: 'bayes', engine: 'simd', backend: 'wasm' }],
}

/** A batch with a list for each of two users, as a job would have made it. */
async function publishBatch(store: ObjectStore): Promise<void> {
  const batches = openBatches(store)
  const lines = [
    '{"userId":"15","basis":"trained","orderBy":"relevance","items":[{"movieId":"4973","rating":1.5265,"score":6}]}\n',
    '{"userId":"16","basis":"trained","orderBy":"relevance","items":[]}\n',
  ].join('')
  const part = {
    ...{ part: 0, file: '00000-3f9a1c7e.ndjson', users: 2, rows: 2, sizeBytes: lines.length },
    ...{ sha256: createHash('sha256').update(lines).digest('hex'), live: [] },
  }
  await batches.putPart(exampleIds.batch, part.file, [Buffer.from(lines)])
  await batches.publish({
    ...{ id: exampleIds.batch, createdAt: '2026-01-02T08:30:00.000Z', model: exampleIds.serving },
    spec: { kind: 'recommend-all', format: 'ndjson', asked: null },
    ...{ live: [], users: 2, rows: 2, sizeBytes: lines.length, parts: [part], erased: 0 },
  })
}

/** Starts one with the earlier model, shows four users a list and has two of them follow it. */
async function experiment({ call }: Awaited<ReturnType<typeof openApp>>) {
  const put = await call(`PUT /v1/experiments/${exampleIds.experiment}`, {
    payload: { treatment: exampleIds.earlier },
  })
  assert.equal(put.body.note, null)
  for (const userId of ['15', '16', '17', '18']) {
    const { body } = await call(`GET /v1/users/${userId}/recommendations?n=1`)
    const [{ movieId }] = body.items
    if (userId === '16' || userId === '17')
      await call(`PUT /v1/users/${userId}/ratings/${movieId}`, { payload: { rating: 4 } })
  }
  const counted = async () => {
    const { figures } = (await call(`GET /v1/experiments/${exampleIds.experiment}`)).body
    return figures.control.conversions + figures.treatment.conversions
  }
  while ((await counted()) < 2) await sleep(50)
}

/**
 * A service as the examples see it: a catalogue, a model, an earlier one where it is asked for, and
 * a queue with two jobs.
 */
export async function openExampleApp(
  t: TestContext,
  redisUrl: string,
  { hasEarlier = false, isRated = false, hasExperiment = false } = {},
) {
  const prefix = `test-${randomBytes(6).toString('hex')}`
  const { logger } = keptLog()
  const queue = await openTrainingQueue({ redisUrl, prefix, attempts: 1, logger })
  t.after(() => queue.close())
  const schedules = await openSchedules({ redisUrl, prefix, attempts: 1, logger })
  t.after(() => schedules.close())
  const bench = await openApp(t, {
    queue,
    schedules,
    engines: async () => exampleEngines,
    redis: { redisUrl, prefix },
  })
  await bench.importMovies(moviesCsv)
  const imported = await bench.call('POST /v1/ratings/import', { payload: ratingsCsv })
  const publish = (version: string, createdAt: string) =>
    bench.registry.publish(
      { tensors: encodeModel(exampleModel()), report: exampleReport },
      exampleCard(version, createdAt, imported.body.segment),
    )
  if (hasEarlier || hasExperiment) await publish(exampleIds.earlier, '2026-01-01T08:00:00.000Z')
  await publish(exampleIds.serving, '2026-01-02T08:00:00.000Z')
  await publishBatch(bench.store)
  await bench.serving.refresh()
  const erasure = await bench.call('DELETE /v1/users/19')
  if (isRated) await bench.call('PUT /v1/users/15/ratings/318', { payload: { rating: 5 } })
  if (hasExperiment) await experiment(bench)
  const tune = async (factors: number[]): Promise<string> => {
    const payload = { kind: 'tune', algorithm: 'dot-bias', trials: 20, space: { factors } }
    return (await bench.call('POST /v1/training-jobs', { payload })).body.id
  }
  await schedules.put('nightly', {
    ...{ cron: '0 3 * * *', timeZone: 'Europe/Berlin', minNewRatings: 1_000 },
    ...{ maxModelAgeSeconds: 604_800, training: { algorithm: 'bayes' } },
  })
  await tickOnce({ redisUrl, prefix })
  const cancelled = await tune([10])
  await bench.call(`DELETE /v1/training-jobs/${cancelled}`)
  const jobIds = {
    queued: await tune([20, 40]),
    cancelled,
    import: imported.body.segment,
    erasure: erasure.body.id,
  }
  return { ...bench, jobIds }
}

/** A run of the schedule as a worker would have recorded it. */
async function tickOnce({ redisUrl, prefix }: { redisUrl: string; prefix: string }) {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: null })
  const { kept } = (await findKept(openTickQueue(redis, prefix), 'nightly'))!
  await createRuns(redis, prefix).record(kept, '1767319200000', {
    dueAt: '2026-01-02T02:00:00.000Z',
    ranAt: '2026-01-02T02:00:00.021Z',
    by: 'schedule',
    outcome: 'skipped',
    reason: 'too-few-ratings',
    detail: `212 new ratings since the data of model ${exampleIds.serving}, 1000 are wanted; it is 64800 seconds old, at most 604800 are wanted.`,
    job: null,
  })
  redis.disconnect()
}
