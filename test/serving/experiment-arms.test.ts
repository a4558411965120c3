import assert from 'node:assert/strict'
import { readdir, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { NewLiveEvent } from '../../src/live/live-event.ts'
import { placeOf } from '../../src/model/experiments/assignment.ts'
import type { Arm, Experiment } from '../../src/model/experiments/experiment.ts'
import { profileOf } from '../../src/serving/profile.ts'
import { startExperiment } from '../../src/storage/experiments/experiments.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel, rankedModel } from '../support/models.ts'

const experiment: Experiment = {
  ...{ name: 'e', id: 'e1', control: 'm2', treatment: 'm1', share: 0.5, windowDays: 7 },
  ...{ counts: 'ratings', likedFrom: 4, startedAt: '2026-01-01T00:00:00.000Z' },
}
const users = Array.from({ length: 20 }, (_, i) => `u${i}`)
const userIn = (arm: Arm) => users.find((user) => placeOf(experiment, user).arm === arm)!

/** A store with two models, of which the second serves, and experiment "e". */
async function openExperiment(t: TestContext) {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel({ seed: 2 }), 'm1', 1)
  await bench.publish(rankedModel(), 'm2', 2)
  await bench.importMovies()
  await startExperiment(bench.store, experiment)
  return bench
}

/** Breaks the tensors of a version in the store. */
async function damage(folder: string, version: string): Promise<void> {
  const models = join(folder, 'models', version)
  const file = (await readdir(models)).find((name) => name.endsWith('.safetensors'))!
  await truncate(join(models, file), 100)
}

test('every process gives a user the same arm, and whoever is no user the control', async (t) => {
  const bench = await openExperiment(t)
  const [first, second] = [(await serve(t, bench)).serving, (await serve(t, bench)).serving]
  for (const user of users) {
    const { arm } = placeOf(experiment, user)
    for (const serving of [first, second]) {
      const snapshot = serving.snapshot(user)
      assert.deepEqual(snapshot.experiment, { name: 'e', arm })
      assert.equal(snapshot.version, experiment[arm])
    }
  }
  assert.equal(first.snapshot().version, 'm2')
  assert.equal(first.snapshot().experiment, undefined)
  assert.equal(first.snapshot(users[0]), first.snapshot(users[0]))
})

test('it is followed by itself, beside what serves', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel({ seed: 2 }), 'm1', 1)
  await bench.publish(rankedModel(), 'm2', 2)
  const { serving } = await serve(t, bench, 10)
  assert.equal(serving.experiment(), null)
  await startExperiment(bench.store, experiment)
  while (serving.experiment()?.refusal !== null) await new Promise(setImmediate)
  assert.equal(serving.snapshot(userIn('treatment')).version, 'm1')
})

test('where the treatment cannot be loaded all users get the control, and it is said why', async (t) => {
  const bench = await openExperiment(t)
  await damage(bench.folder, 'm1')
  const { serving } = await serve(t, bench)
  for (const user of users) {
    assert.equal(serving.snapshot(user).version, 'm2')
    assert.equal(serving.snapshot(user).experiment, undefined)
  }
  assert.match(serving.experiment()!.refusal!, /m1.*has 100 bytes/)
})

test('where another model than the control serves all users get it', async (t) => {
  const bench = await openExperiment(t)
  await bench.publish(dotBiasModel({ seed: 3 }), 'm3', 3)
  const { serving } = await serve(t, bench)
  await bench.registry.promote('m3')
  await serving.refresh()
  for (const user of users) assert.equal(serving.snapshot(user).version, 'm3')
  assert.equal(serving.experiment()!.refusal, 'Model m3 serves, and not the control m2.')
  await bench.registry.rollback()
  await serving.refresh()
  assert.equal(serving.snapshot(userIn('treatment')).version, 'm1')
})

test('what is told counts in both arms', async (t) => {
  const bench = await openExperiment(t)
  const { serving } = await serve(t, bench)
  let seq = 0
  const tell = (event: NewLiveEvent) =>
    serving.listener.take([{ ...event, epoch: 'test', seq: ++seq } as never])
  for (const arm of ['control', 'treatment'] as const) {
    const userId = userIn(arm)
    const before = await profileOf(serving.snapshot(userId), userId)
    tell({ type: 'rated', userId, movieId: 'm6', rating: 5, timestamp: 1_000 })
    const after = await profileOf(serving.snapshot(userId), userId)
    assert.ok(!Array.from(before.own.movieIndex).includes(5), arm)
    assert.ok(Array.from(after.own.movieIndex).includes(5), arm)
  }
})

test('until the second model has what was told all users get the control', async (t) => {
  const bench = await openExperiment(t)
  const { serving } = await serve(t, bench)
  serving.listener.restart()
  assert.equal(serving.snapshot(userIn('treatment')).version, 'm1', 'what it has holds')
  const late = await openStore(t)
  await late.publish(dotBiasModel({ seed: 2 }), 'm1', 1)
  await late.publish(rankedModel(), 'm2', 2)
  const { serving: followed } = await serve(t, late)
  let asked = 0
  followed.onMissing = async () => void asked++
  await startExperiment(late.store, experiment)
  await followed.refresh()
  assert.equal(asked, 1)
  assert.equal(followed.snapshot(userIn('treatment')).version, 'm2')
  assert.match(followed.experiment()!.refusal!, /needs Redis/)
  followed.listener.restart()
  followed.listener.caughtUp()
  assert.equal(followed.snapshot(userIn('treatment')).version, 'm1')
})
