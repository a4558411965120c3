import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { Redis } from 'ioredis'
import { Vocabulary } from '../../src/model/data/vocabulary.ts'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import { markCancelled, readEvents } from '../../src/queue/job-events-store.ts'
import { jobKeys } from '../../src/queue/job-keys.ts'
import type { PayloadOf } from '../../src/queue/job-request.ts'
import { newJobId, newVersion } from '../../src/queue/producer/job-identity.ts'
import { beginAttempt } from '../../src/queue/worker/attempt.ts'
import { jobCheckpoints } from '../../src/queue/worker/job-checkpoints.ts'
import type { JobTools, JobWork } from '../../src/queue/worker/job-tools.ts'
import { runBatchJob } from '../../src/queue/worker/parts/run-batch-job.ts'
import { runTrainingJob } from '../../src/queue/worker/training/run-training-job.ts'
import { openBatches } from '../../src/storage/batches/batches.ts'
import { openReceipt } from '../../src/storage/erasures/receipts.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../src/storage/object-store.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { hasCode } from './queue-bench.ts'
import { noMaterial, stubReport, stubSpec, stubTraining } from './stub-trainings.ts'

let server: TestRedis
let redis: Redis
let folder: string
before(async () => {
  server = await startRedis()
  redis = new Redis(server.url)
  folder = await mkdtemp(join(tmpdir(), 'marquee-run-job-'))
})
after(async () => {
  redis.disconnect()
  await server.stop()
  await rm(folder, { recursive: true })
})

function stubWork(changes: Partial<JobWork>): JobWork {
  const unwanted = () => Promise.reject(new Error('a training asked for it'))
  return {
    loadMaterial: async () => noMaterial(),
    trainModel: async () => stubTraining(),
    ...{ runTrial: unwanted, searchLearningRate: unwanted, openBatch: unwanted },
    ...changes,
  }
}

async function newJob() {
  const store = createFileStore(folder)
  const id = newJobId()
  const keys = jobKeys('test', id)
  await redis.set(keys.lock, 'token')
  const payload: PayloadOf<'train'> = {
    kind: 'train',
    spec: stubSpec('steady'),
    warmStart: 'never',
    promote: 'auto',
    askedBy: null,
    version: newVersion(),
    dataVersion: 'v',
  }
  const tools: JobTools = {
    work: stubWork({}),
    store,
    registry: createModelRegistry(store),
    backend: 'wasm',
    exclusively: (work) => work(),
    begin: () => beginAttempt(redis, keys, 'token'),
  }
  const task = { id, payload, signal: new AbortController().signal }
  return { keys, tools, task, version: payload.version }
}

test('a training is published with its card, serves, and old models go', async () => {
  const jobs = await Promise.all(Array.from({ length: 5 }, newJob))
  for (const { task, tools } of jobs) await runTrainingJob(task, tools)
  const { registry } = jobs[4]!.tools
  assert.equal(await registry.current(), jobs[4]!.version)
  const kept = (await registry.list()).map(({ version }) => version)
  assert.deepEqual(
    kept.toSorted(),
    jobs
      .slice(2)
      .map(({ version }) => version)
      .toSorted(),
  )
  assert.equal((await registry.card(jobs[4]!.version)).jobId, jobs[4]!.task.id)
})

test('a training that begins anew on another engine: its events do, and the card says why', async () => {
  const { keys, task, tools, version } = await newJob()
  const setbacks = ['The device was lost.']
  const trainModel: JobWork['trainModel'] = async ({ hooks = {} }) => {
    await hooks.onEpoch?.(stubReport(1))
    await hooks.onEpoch?.(stubReport(2))
    hooks.onSetback?.(setbacks[0]!)
    await hooks.onEpoch?.(stubReport(1))
    return stubTraining([], { setbacks })
  }
  await runTrainingJob(task, { ...tools, work: stubWork({ trainModel }) })
  const events = (await readEvents(redis, keys)).filter(({ type }) => type !== 'promotion')
  assert.deepEqual(
    events.map(({ type, data }) => [type, 'attempt' in data ? data.attempt : data]),
    [
      ['started', 1],
      ['epoch', stubReport(1)],
    ],
  )
  assert.deepEqual((await tools.registry.card(version)).setbacks, setbacks)
})

test('a training is given the attributes beside the ratings', async () => {
  const { task, tools } = await newJob()
  const attributes = { users: new Map([['1', ['gender:F']]]), movies: new Map() }
  let given: unknown
  const trainModel: JobWork['trainModel'] = async (task) => {
    given = task.attributes
    return stubTraining()
  }
  const loadMaterial = async () => ({ ...noMaterial(), attributes })
  await runTrainingJob(task, { ...tools, work: stubWork({ loadMaterial, trainModel }) })
  assert.deepEqual(given, attributes)
})

test('a checkpoint is of exactly the rows that it was made on, though the version is the same', async () => {
  const { store } = (await newJob()).tools
  const { ratings, dataVersion } = noMaterial()
  const of = (users: string[], ...userIndex: number[]) => {
    const rows = { userIndex: Uint32Array.from(userIndex), rating: new Float32Array([1, 2]) }
    const checkpoints = jobCheckpoints(store, 'rows', 0)
    return checkpoints.on({
      dataVersion,
      ratings: { ...ratings, ...rows, users: new Vocabulary(users) },
    })
  }
  await of(['a', 'b'], 0, 1).save([new Uint8Array([7])], 1)
  assert.deepEqual([...(await of(['a', 'b'], 0, 1).load())!], [7])
  assert.equal(await of(['a', 'b'], 1, 0).load(), null)
  assert.equal(await of(['b', 'a'], 0, 1).load(), null)
})

test('an attempt that ends after the next one has begun publishes nothing', async () => {
  const { task, tools, version } = await newJob()
  const trainModel = async () => {
    await tools.begin()
    return stubTraining()
  }
  await assert.rejects(
    runTrainingJob(task, { ...tools, work: stubWork({ trainModel }) }),
    /Another worker/,
  )
  assert.equal(await tools.registry.find(version), null)
})

test('an attempt that is overtaken is told to stop at its next epoch', async () => {
  const { task, tools } = await newJob()
  const trainModel: JobWork['trainModel'] = async ({ hooks: { signal, onEpoch } = {} }) => {
    await tools.begin()
    await onEpoch?.(stubReport(1))
    await new Promise((_, reject) =>
      signal!.addEventListener('abort', () => reject(signal!.reason)),
    )
    return stubTraining()
  }
  await assert.rejects(
    runTrainingJob(task, { ...tools, work: stubWork({ trainModel }) }),
    /Another worker/,
  )
})

test('a job that was cancelled while it trained publishes nothing, one cancelled before never trains', async () => {
  const { keys, task, tools, version } = await newJob()
  let trainings = 0
  const trainModel = async () => {
    trainings += 1
    await markCancelled(redis, keys)
    return stubTraining()
  }
  await assert.rejects(
    runTrainingJob(task, { ...tools, work: stubWork({ trainModel }) }),
    hasCode('cancelled'),
  )
  await assert.rejects(
    runTrainingJob(task, { ...tools, work: stubWork({ trainModel }) }),
    hasCode('cancelled'),
  )
  assert.equal(trainings, 1)
  assert.equal(await tools.registry.find(version), null)
})

test('an attempt after the commit trains no more and makes the model serve', async () => {
  const { task, tools, version } = await newJob()
  const killed = new Error('killed before the pointer moved')
  const registry: JobTools['registry'] = {
    ...tools.registry,
    publish: async (files, card, attempt) => {
      const before = (await tools.registry.current())!
      await tools.registry.publish(files, card, attempt)
      await createFileStore(folder).put('models/current.json', [
        Buffer.from(JSON.stringify({ version: before, earlier: [] })),
      ])
      throw killed
    },
  }
  await assert.rejects(runTrainingJob(task, { ...tools, registry }), killed)
  assert.notEqual(await tools.registry.current(), version)

  const trainModel = () => Promise.reject(new Error('it trained again'))
  await runTrainingJob(task, { ...tools, work: stubWork({ trainModel }) })
  assert.equal(await tools.registry.current(), version)
})

test('a training during which a user was erased publishes without them, a later one with them', async () => {
  for (const [live, users] of [
    [[], ['u1', 'u3', 'u4']],
    [[{ epoch: 'e', seq: 1 }], ['u1', 'u2', 'u3', 'u4']],
  ] as const) {
    const { task, tools, version } = await newJob()
    const store = createFileStore(join(folder, `erased-${live.length}`))
    const registry = createModelRegistry(store)
    const work = stubWork({
      loadMaterial: async () => ({ ...noMaterial(), live }),
      async trainModel() {
        await openReceipt(store, 'u2', { epoch: 'e', seq: 1 })
        return stubTraining()
      },
    })
    await runTrainingJob(task, { ...tools, work, store, registry })
    const bytes = await registry.tensors(await registry.card(version))
    assert.deepEqual(decodeModel(bytes).users.ids, users)
  }
})

test('a batch that begins while models are pruned has its model, or says that it is gone', async () => {
  const { task, tools } = await newJob()
  const store = createFileStore(join(folder, 'pruned'))
  const files = { tensors: encodeModel(dotBiasModel()), report: emptyReport }
  for (const [i, version] of ['old', 'b', 'c', 'd'].entries())
    await createModelRegistry(store).publish(files, cardOf(version, `2026-01-0${i + 1}T00:00:00Z`))
  let last: Promise<unknown> = Promise.resolve()
  const exclusively = <T>(work: () => Promise<T>) => {
    const next = last.then(work)
    last = next.catch(() => {})
    return next
  }
  const id = 'job-000000000000000000000000'
  const spec = { model: 'old', list: { n: 3 }, asked: null }
  const begun: Promise<unknown>[] = []
  const list: ObjectStore['list'] = async (prefix) => {
    const keys = await store.list(prefix)
    if (prefix !== 'batches/' || begun.length > 0) return keys
    const parts = { collect: () => Promise.reject(new Error('It waits for its parts.')) }
    const parted = { ...tools, store, registry: createModelRegistry(store), exclusively, parts }
    const payload = { kind: 'recommend-all', spec } as unknown as PayloadOf<'recommend-all'>
    const job = { ...task, id, payload }
    const batch = runBatchJob(job, { ...parted, partRows: 1, workers: async () => 1 })
    begun.push(batch.catch((error: unknown) => error))
    await new Promise((resolve) => setTimeout(resolve, 100))
    return keys
  }
  const registry = createModelRegistry({ ...store, list })
  await runTrainingJob(task, { ...tools, store, registry, exclusively })
  const [error] = await Promise.all(begun)
  const plan = await openBatches(store).plan(id)
  assert.equal(plan, null)
  assert.match(String(error), /no model "old"/)
})
