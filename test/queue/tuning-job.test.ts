// Takes more than 15 s on a busy machine: each trial that is tried is a process of its own.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { Redis } from 'ioredis'
import type { SteppedSpec } from '../../src/model/spec/training-spec.ts'
import { type Trial, winnerOf } from '../../src/model/spec/trial.ts'
import { type TuningSpecInput, tuningSpecSchema } from '../../src/model/spec/tuning-spec.ts'
import { readEvents } from '../../src/queue/job-events-store.ts'
import { jobKeys } from '../../src/queue/job-keys.ts'
import { jobSchema } from '../../src/queue/job-schema.ts'
import { newJobId, newVersion } from '../../src/queue/producer/job-identity.ts'
import { beginAttempt } from '../../src/queue/worker/attempt.ts'
import type { PartedJobTools } from '../../src/queue/worker/job-tools.ts'
import { keepTrial } from '../../src/queue/worker/parts/keep-trial.ts'
import { runTuningJob } from '../../src/queue/worker/run-tuning-job.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { tune, type WantedTrial } from '../../src/training/tuning/tune.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { endProcess, startWorkerProcess } from './processes.ts'
import {
  ended,
  eventOf,
  eventsToTheEnd,
  openBench,
  type QueueBench,
  queued,
  until,
} from './queue-bench.ts'
import {
  manners,
  noBatch,
  noMaterial,
  plantedDecay,
  stubSearch,
  stubSpec,
  stubTraining,
} from './stub-trainings.ts'

let server: TestRedis
before(async () => {
  server = await startRedis()
})
after(() => server.stop())

const tuningOf = (changes: Partial<TuningSpecInput> = {}) =>
  tuningSpecSchema.parse({
    ...{ kind: 'tune', algorithm: 'dot-bias', trials: 6, seed: manners.steady },
    split: { valid: 0 },
    space: { weightDecay: { min: 0.01, max: 1, log: true }, epochs: [1] },
    ...changes,
  })

/** The weight decays that the stub was asked to train with, by all processes, in order. */
async function trainings({ folder }: QueueBench): Promise<number[]> {
  return (await readFile(`${folder}/trainings`, 'utf8')).trim().split('\n').map(Number)
}

const decayOf = ({ settings }: Trial) => settings['weightDecay'] as number

async function tuned(queue: QueueBench['queue'], id: string) {
  const job = await ended(queue, id)
  if (job.kind !== 'tune') assert.fail(`the job is of kind ${job.kind}`)
  return job
}

test('a tuning tells each trial, ends with its winner and publishes nothing', async (t) => {
  const bench = await openBench(t, server.url)
  const { queue, registry, startWorker } = bench
  const { id } = await queued(queue.add(tuningOf(), 'v'))
  await startWorker()
  const events = await eventsToTheEnd(queue, id)
  const job = await tuned(queue, id)
  assert.deepEqual(
    events.map(({ type }) => type),
    ['started', ...Array(6).fill('trial'), 'ended'],
  )
  assert.deepEqual(
    events.flatMap((event) => (event.type === 'trial' ? [event.data] : [])),
    job.result.trials,
  )
  assert.deepEqual([job.state, job.attempts, job.model], ['completed', 1, null])
  assert.equal(job.result.trials.length, 6)
  assert.deepEqual(jobSchema.parse(job), job)
  const best = job.result.trials.toSorted((a, b) => a.validMse! - b.validMse!)[0]!
  assert.equal(job.result.winner!.weightDecay, decayOf(best))
  assert.ok(job.result.trials.every((trial) => decayOf(trial) !== plantedDecay))
  assert.deepEqual(await trainings(bench), job.result.trials.map(decayOf))
  assert.deepEqual(await registry.list(), [])

  const { winner } = job.result
  const training = await ended(queue, (await queued(queue.add(winner!, 'v'))).id)
  assert.deepEqual([training.kind, training.state, training.spec], ['train', 'completed', winner])
})

test('killed in mid-tuning, two successors go on, try nothing twice, and publish once the winner that one would', async (t) => {
  const bench = await openBench(t, server.url)
  const { queue, registry } = bench
  const tuning = tuningOf({ trainWinner: true, trials: 40 })
  const { id } = await queued(queue.add(tuning, 'v'))
  const first = await startWorkerProcess(bench)
  await eventOf(queue, id, ({ type, data }) => type === 'trial' && data.trial === 3)
  await endProcess(first, 'SIGKILL')
  const finished = (await queue.find(id))!
  assert.ok(finished.kind === 'tune' && finished.result.trials.length < 40)

  const others = await Promise.all([startWorkerProcess(bench), startWorkerProcess(bench)])
  const job = await tuned(queue, id)
  await Promise.all(others.map((worker) => endProcess(worker, 'SIGTERM')))
  assert.equal(job.state, 'completed')
  const run = async ({ weightDecay }: SteppedSpec) => {
    return { validMse: Math.abs((weightDecay as number) - plantedDecay), epochs: 1 }
  }
  const alone = await tune({ tuning, ratings: 0, finished: [], run })
  const figures = (trials: readonly Trial[]) =>
    trials
      .map(({ seconds: _, ...trial }) => trial)
      .sort((a, b) => a.round - b.round || a.trial - b.trial)
  assert.deepEqual(figures(job.result.trials), figures(alone))
  assert.deepEqual(job.result.winner, winnerOf(tuning, alone))
  // The one that was cut off was begun twice, and the winner comes last.
  const done = await trainings(bench)
  assert.equal(done.at(-1), job.result.winner!.weightDecay)
  const counts = job.result.trials.map(
    (trial) => done.slice(0, -1).filter((d) => d === decayOf(trial)).length,
  )
  assert.ok(counts.every((count) => count === 1 || count === 2))
  assert.ok(counts.filter((count) => count === 2).length <= 1)
  const models = await registry.list()
  assert.deepEqual([models.length, models[0]!.jobId, models[0]!.version], [1, id, job.model])
})

test('a tuning is cancelled in mid-trial and keeps what it has found', async (t) => {
  const { queue, startWorker, registry } = await openBench(t, server.url)
  const endless = tuningOf({
    trials: 500,
    trainWinner: true,
    space: { epochs: [2, 3], weightDecay: [0.1] } as never,
  })
  const { id } = await queued(queue.add(endless, 'v'))
  await startWorker()
  await eventOf(queue, id, ({ type }) => type === 'trial')
  assert.equal(await queue.cancel(id), 'cancelled')
  const job = await tuned(queue, id)
  assert.equal(job.state, 'cancelled')
  assert.ok(job.result.trials.length >= 1 && job.result.winner !== null)
  await until(async () => (await queue.find(id))!.state === 'cancelled', 'it stays cancelled')
  assert.deepEqual(await registry.list(), [])
})

test('a search for a rate tells its points and ends with the suggestion', async (t) => {
  const { queue, startWorker, registry } = await openBench(t, server.url)
  const request = { kind: 'find-rate', training: stubSpec('steady') } as const
  const { id, kind, result } = await queued(queue.add(request, 'v'))
  assert.deepEqual([kind, result], ['find-rate', null])
  await startWorker()
  const events = await eventsToTheEnd(queue, id)
  assert.deepEqual(
    events.map(({ type }) => type),
    ['started', 'point', 'ended'],
  )
  const job = (await queue.find(id))!
  assert.deepEqual([job.state, job.model, job.result], ['completed', null, stubSearch])
  assert.deepEqual(jobSchema.parse(job), job)
  assert.deepEqual(await registry.list(), [])
})

test('of every kind an identical job is a duplicate, and kinds do not meet', async (t) => {
  const { queue } = await openBench(t, server.url)
  const training = stubSpec('steady')
  const requests = [training, { kind: 'find-rate', training } as const, tuningOf()]
  const ids: string[] = []
  for (const request of requests) ids.push((await queued(queue.add(request, 'v'))).id)
  for (const [i, request] of requests.entries())
    assert.deepEqual(await queue.add(request, 'v'), { outcome: 'duplicate', id: ids[i] })
  await queued(queue.add(tuningOf({ seed: 99 }), 'v'))
})

test('an attempt after the commit tries and trains no more', async (t) => {
  const redis = new Redis(server.url)
  t.after(() => redis.disconnect())
  const { registry, folder } = await openBench(t, server.url)
  const id = newJobId()
  const keys = jobKeys('test', id)
  await redis.set(keys.lock, 'token')
  let trained = 0
  let tried = 0
  const tools: PartedJobTools = {
    work: {
      loadMaterial: async () => noMaterial(),
      trainModel: async () => {
        trained++
        return stubTraining()
      },
      runTrial: async () => ({ validMse: 1, epochs: 1 }),
      searchLearningRate: async () => stubSearch,
      openBatch: noBatch,
    },
    store: createFileStore(folder),
    registry,
    backend: 'wasm',
    begin: () => beginAttempt(redis, keys, 'token'),
    ...{ partRows: 1, workers: async () => 1, exclusively: (work) => work() },
    parts: {
      async collect(parts) {
        const settings = { weightDecay: 0.1, epochs: 1 }
        tried += parts.length
        return new Map(
          parts.map(({ part, task }) => {
            const trial = { ...(task as WantedTrial), settings, epochs: 1, validMse: 1, seconds: 1 }
            return [part, trial]
          }),
        )
      },
    },
  }
  const spec = tuningOf({ trials: 2, trainWinner: true })
  const asked = { version: newVersion(), dataVersion: 'v', askedBy: null }
  const payload = { kind: 'tune', spec, ...asked } as const
  const task = { id, payload, signal: new AbortController().signal }
  await runTuningJob(task, tools)
  await runTuningJob(task, tools)
  assert.deepEqual([tried, trained], [2, 1])
  assert.equal(await registry.current(), payload.version)
})

test('trials outlive the attempt, are kept once, and once the job is cancelled there are no more', async (t) => {
  const redis = new Redis(server.url)
  t.after(() => redis.disconnect())
  const keys = jobKeys('test', newJobId())
  await redis.set(keys.lock, 'token')
  const begin = async () => {
    const attempt = await beginAttempt(redis, keys, 'token')
    if (typeof attempt === 'string') assert.fail(attempt)
    return attempt
  }
  const trial = (n: number): Trial => ({
    ...{ trial: n, round: 1, share: 1, settings: { factors: n }, epochs: 1, validMse: 1 },
    seconds: 1,
  })
  await begin()
  for (const n of [1, 2, 1, 2]) await keepTrial(redis, keys, trial(n))
  const second = await begin()
  assert.deepEqual(await second.keptTrials(), [trial(1), trial(2)])
  assert.deepEqual(
    (await readEvents(redis, keys)).map(({ type, data }) => [type, 'trial' in data && data.trial]),
    [
      ['started', false],
      ['trial', 1],
      ['trial', 2],
    ],
  )
  assert.ok((await redis.ttl(keys.trials)) > 0)
  await redis.set(keys.cancelled, 'now')
  await keepTrial(redis, keys, trial(3))
  assert.deepEqual(await second.keptTrials(), [trial(1), trial(2)])
})
