import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import { compileKernels } from '../../src/numeric/kernels/kernels.ts'
import { createCatalogue } from '../../src/serving/catalogue.ts'
import { servedModelSteps } from '../../src/serving/load/served-model.ts'
import { snapshotSteps } from '../../src/serving/snapshot.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { openStore } from '../support/bench.ts'
import { cardOf, dotBiasModel, netModel } from '../support/models.ts'

const kernels = await compileKernels()
const sealed = { file: 'model.safetensors', sizeBytes: 0, sha256: '0'.repeat(64) }
const card = { ...cardOf('v1'), tensors: sealed }

/** How many steps it takes to make a model ready, and to join it with a catalogue. */
function stepsOf(model: Model) {
  const steps = servedModelSteps(card, Buffer.concat(encodeModel(model)), kernels)
  for (let load = 0; ; load++) {
    const step = steps.next()
    if (!step.done) continue
    const joining = snapshotSteps(step.value, createCatalogue([], 'none'))
    for (let join = 0; ; join++) if (joining.next().done) return { load, join }
  }
}

test('a model is made ready in steps, and of more numbers there are more of them', () => {
  const small = stepsOf(dotBiasModel({ users: 2_000, movies: 500, factors: 8 }))
  const large = stepsOf(dotBiasModel({ users: 80_000, movies: 20_000, factors: 8 }))
  // 880,000 numbers, of which no step takes more than some ten thousand.
  assert.ok(large.load > 10 * 80 && large.load > 2 * small.load, `${small.load}, ${large.load}`)
  assert.ok(large.join > 20 * small.join && large.join > 50, `${small.join}, ${large.join}`)
})

test('numbers are checked some ten thousand at a time', () => {
  const { load } = stepsOf(dotBiasModel({ users: 100, movies: 100, factors: 4_000 }))
  const { load: less } = stepsOf(dotBiasModel({ users: 100, movies: 100, factors: 40 }))
  assert.ok(load - less >= 800_000 / 20_000, `${less}, ${load}`)
})

test('what a net prepares takes a step for each movie', () => {
  assert.ok(stepsOf(netModel()).load >= netModel().movies.size)
})

test('while the bytes of a model are hashed others get their turn, after each mebibyte', async (t) => {
  const bench = await openStore(t)
  await bench.publish(dotBiasModel({ users: 40_000, movies: 100, factors: 30 }), 'v1')
  const found = await bench.registry.card('v1')
  const mebibytes = Math.floor(found.tensors.sizeBytes / 2 ** 20)
  assert.ok(mebibytes >= 4)
  const bytes = (await bench.store.get(`models/v1/${found.tensors.file}`))!
  // From memory, so that no turn is one of waiting for the file.
  const registry = createModelRegistry({ ...bench.store, get: async () => bytes })
  let turns = 0
  let isOver = false
  const turn = () => {
    turns += 1
    if (!isOver) setImmediate(turn)
  }
  setImmediate(turn)
  await registry.tensors(found)
  isOver = true
  assert.ok(turns >= mebibytes, `${turns} turns for ${mebibytes} MiB`)
})
