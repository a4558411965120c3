import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { judge } from '../../src/queue/schedules/judge.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import type { LiveMark } from '../../src/storage/segments/live-marks.ts'
import { body } from '../storage/bodies.ts'
import { openStore } from '../support/bench.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'
import { everySeconds } from './schedule-bench.ts'

const day = 86_400_000
const told = (seq: number): LiveMark[] => [{ epoch: 'e', seq }]

/** A store, and what a schedule of at least three new ratings would do. */
async function openJudge(t: TestContext) {
  const { store, registry } = await openStore(t)
  const rate = async (count: number) => {
    const lines = Array.from({ length: count }, (_, user) => `${user}\t1\t3\n`)
    return (await importRatings(store, body(lines.join('')))).segment
  }
  /** A model of the day, made of what there is. */
  const publish = (
    version: string,
    onDay: number,
    newestImport?: string,
    live: LiveMark[] = [],
  ) => {
    const { data, ...card } = cardOf(version, new Date(onDay * day).toISOString())
    return registry.publish(
      { tensors: encodeModel(dotBiasModel()), report: emptyReport },
      {
        ...card,
        jobId: `job-${version}`,
        data: { ...data, live, ...(newestImport && { newestImport }) },
      },
    )
  }
  const judged = async ({
    live = [] as LiveMark[],
    onDay = 10,
    lastJob = null as string | null,
    maxModelAgeSeconds = null as number | null,
  } = {}) => {
    const schedule = everySeconds(60, { minNewRatings: 3, maxModelAgeSeconds })
    const now = onDay * day
    const { outcome, reason } = await judge(schedule, { store, registry, told: live, lastJob, now })
    return `${outcome} ${reason}`
  }
  return { store, registry, rate, publish, judged }
}

test('without ratings nothing is due, without a model everything is', async (t) => {
  const { rate, judged } = await openJudge(t)
  assert.equal(await judged(), 'skipped no-ratings')
  await rate(1)
  assert.equal(await judged(), 'queued no-model')
})

test('imported lines and live events since the data of the model count together', async (t) => {
  const { rate, publish, judged } = await openJudge(t)
  await publish('a', 1, await rate(5), told(7))
  assert.equal(await judged({ live: told(7) }), 'skipped too-few-ratings')
  await rate(2)
  assert.equal(await judged({ live: told(7) }), 'skipped too-few-ratings')
  assert.equal(await judged({ live: told(8) }), 'queued new-ratings')
  await rate(1)
  assert.equal(await judged({ live: told(7) }), 'queued new-ratings')
})

test('a model of the age that is given is trained anew, one that is younger is not', async (t) => {
  const { rate, publish, judged } = await openJudge(t)
  await publish('a', 1, await rate(5))
  const maxModelAgeSeconds = 86_400 * 3
  assert.equal(await judged({ onDay: 3, maxModelAgeSeconds }), 'skipped too-few-ratings')
  assert.equal(await judged({ onDay: 4, maxModelAgeSeconds }), 'queued model-age')
})

test('what a training of the schedule has seen is not new, though another model serves', async (t) => {
  const { registry, rate, publish, judged } = await openJudge(t)
  await publish('a', 1, await rate(5))
  await publish('b', 5, await rate(5))
  await registry.rollback()
  assert.equal(await judged(), 'queued new-ratings')
  assert.equal(await judged({ lastJob: 'job-b' }), 'skipped too-few-ratings')
  const maxModelAgeSeconds = 86_400 * 6
  assert.equal(await judged({ lastJob: 'job-b', maxModelAgeSeconds }), 'skipped too-few-ratings')
  // One that did not end with a model counts for nothing.
  assert.equal(await judged({ lastJob: 'job-c' }), 'queued new-ratings')
  await rate(3)
  assert.equal(await judged({ lastJob: 'job-b' }), 'queued new-ratings')
})

test('in place of a model whose card is damaged another one is due', async (t) => {
  const { store, rate, publish, judged } = await openJudge(t)
  await publish('a', 1, await rate(5))
  await store.put('models/a/card.json', [Buffer.from('{')])
  assert.equal(await judged(), 'queued no-model')
})
