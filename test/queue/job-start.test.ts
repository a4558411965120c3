import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { jobCheckpoints } from '../../src/queue/worker/job-checkpoints.ts'
import { fixStart } from '../../src/queue/worker/training/job-start.ts'
import { openStore } from '../support/bench.ts'
import { cardOf, dotBiasModel, emptyReport } from '../support/models.ts'

const day = (n: number) => `2026-01-0${n}T00:00:00.000Z`

test('all attempts at a job start from what the first has chosen, whatever serves by then or is gone', async (t) => {
  const { store, registry } = await openStore(t)
  const tensors = encodeModel(dotBiasModel())
  const publish = (version: string, n: number, start = tensors) =>
    registry.publish({ tensors, start, report: emptyReport }, cardOf(version, day(n)))
  await publish('first', 1)
  const chosen = await fixStart('job-1', 'auto', { store, registry })
  assert.ok(chosen && 'vectors' in chosen)
  assert.equal(chosen.vectors.version, 'first')

  await publish('second', 2)
  await publish('third', 3)
  await registry.prune(1)
  assert.equal(await registry.find('first'), null)
  assert.deepEqual(await fixStart('job-1', 'auto', { store, registry }), chosen)
  const other = await fixStart('job-2', 'auto', { store, registry })
  assert.ok(other && 'vectors' in other && other.vectors.version === 'third')

  await jobCheckpoints(store, 'job-1', 0).clear()
  await jobCheckpoints(store, 'job-2', 0).clear()
  assert.deepEqual(await store.list('checkpoints/'), [])
})

test('without vectors a job starts cold and says why, unless they were asked for by name', async (t) => {
  const { store, registry, publish } = await openStore(t)
  const fix = (job: string, wish: string) => fixStart(job, wish, { store, registry })
  assert.equal(await fix('job-0', 'never'), null)
  assert.deepEqual(await fix('job-1', 'auto'), { reason: 'No model serves yet.' })
  await publish(dotBiasModel(), 'v1')
  assert.deepEqual(await fix('job-1', 'auto'), { reason: 'No model serves yet.' })
  const reason = 'Model v1 keeps no vectors to start from.'
  assert.deepEqual(await fix('job-2', 'auto'), { reason })
  const refused = (message: RegExp) => ({ code: 'invalid-request', message })
  await assert.rejects(fix('job-3', 'v1'), refused(/keeps no vectors/))
  await assert.rejects(fix('job-3', 'v2'), refused(/There is no model v2/))
})
