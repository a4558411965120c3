import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { EndedExperiment, Experiment } from '../../src/model/experiments/experiment.ts'
import {
  endExperiment,
  endedExperiments,
  removeExperiment,
  runningExperiment,
  startExperiment,
} from '../../src/storage/experiments/experiments.ts'
import { openStore } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'

function experiment(name: string, id = `id of ${name}`): Experiment {
  return {
    ...{ name, id, control: 'm2', treatment: 'm1', share: 0.5, windowDays: 7 },
    ...{ counts: 'ratings', likedFrom: 4, startedAt: '2026-01-01T00:00:00.000Z' },
  }
}
function ended(one: Experiment): EndedExperiment {
  const endedAt = '2026-01-08T00:00:00.000Z'
  return { ...one, endedAt, promoted: null, reason: null, tally: null }
}

test('of many experiments that are started at once one runs, and the others are told which', async (t) => {
  const { store } = await openStore(t)
  const names = Array.from({ length: 8 }, (_, i) => `e${i}`)
  const others = await Promise.all(names.map((name) => startExperiment(store, experiment(name))))
  const running = await runningExperiment(store)
  assert.equal(others.filter((other) => other === null).length, 1)
  for (const [i, other] of others.entries())
    if (other === null) assert.equal(running?.name, names[i])
    else assert.deepEqual(other, running)
})

test('one that has ended keeps its name until it is removed', async (t) => {
  const { store } = await openStore(t)
  const one = experiment('e')
  await startExperiment(store, one)
  assert.equal(await endExperiment(store, ended(one)), true)
  assert.equal(await endExperiment(store, { ...ended(one), promoted: 'treatment' }), false)
  assert.equal(await runningExperiment(store), null)
  assert.deepEqual(await startExperiment(store, experiment('e', 'another')), ended(one))
  await removeExperiment(store, one)
  assert.deepEqual(await endedExperiments(store), [])
  assert.equal(await startExperiment(store, experiment('e', 'another')), null)
})

test('an end that was cut short is one all the same, and makes room for the next', async (t) => {
  const { store } = await openStore(t)
  await startExperiment(store, experiment('e'))
  const running = await store.get('experiments/running.json')
  await endExperiment(store, ended(experiment('e')))
  // As a crash between the two steps leaves it.
  await store.put('experiments/running.json', [running!])
  assert.equal(await runningExperiment(store), null)
  assert.equal(await startExperiment(store, experiment('f')), null)
  assert.equal((await runningExperiment(store))?.name, 'f')
})

test('an experiment that cannot be read stops neither publications nor the next one', async (t) => {
  const { store, registry, publish } = await openStore(t)
  await startExperiment(store, experiment('e'))
  await store.put('experiments/running.json', [Buffer.from('{"name":')])
  await publish(dotBiasModel(), 'm1', 1)
  assert.equal(await registry.current(), 'm1')
  assert.equal(await startExperiment(store, experiment('f')), null)
  assert.equal((await runningExperiment(store))?.name, 'f')
})

test('while one runs no training makes its model serve, and its models are kept', async (t) => {
  const { store, registry, publish } = await openStore(t)
  await publish(dotBiasModel(), 'm1', 1)
  await publish(dotBiasModel(), 'm2', 2)
  await startExperiment(store, experiment('e'))
  for (const day of [3, 4, 5, 6]) await publish(dotBiasModel(), `m${day}`, day)
  assert.equal(await registry.current(), 'm2')
  await registry.prune(1)
  const versions = async () => (await registry.list()).map(({ version }) => version)
  assert.deepEqual(await versions(), ['m6', 'm2', 'm1'])
  await registry.promote('m6')
  assert.equal(await registry.current(), 'm6')
  await endExperiment(store, ended(experiment('e')))
  await publish(dotBiasModel(), 'm7', 7)
  assert.equal(await registry.current(), 'm7')
  await registry.prune(1)
  // What a rollback would return to stays, too.
  assert.deepEqual(await versions(), ['m7', 'm6'])
})
