import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeModel } from '../../src/model/file/model-file.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

const ratings = plantedRatings()

/** Checkpoints in memory, and how often they were read and written. */
function keep() {
  let bytes: Uint8Array | null = null
  const seen = { loads: 0, saves: 0 }
  return {
    seen,
    intervalMs: 0,
    load: async () => {
      seen.loads++
      return bytes
    },
    save: async (parts: readonly Uint8Array[]) => {
      seen.saves++
      bytes = Uint8Array.from(Buffer.concat(parts))
    },
    damage: () => {
      bytes?.fill(7, 0, 20)
    },
  }
}

type Kept = ReturnType<typeof keep>

/** Trains to the end, or until it is killed after so many epochs, those before it counted. */
async function train(
  changes: Record<string, unknown>,
  checkpoints?: Kept,
  epochsToLive = Infinity,
) {
  const spec = plantedSpec({ algorithm: 'dot-bias', engine: 'simd', ...changes })
  let lived = 0
  const onEpoch = () => {
    if (++lived > epochsToLive) throw new Error('killed')
  }
  const hooks = checkpoints ? { onEpoch, checkpoints } : { onEpoch }
  const { fit } = await trainModel({ ratings, spec, backend: 'wasm', hooks })
  const bytes = Buffer.concat(encodeModel(fit.model, { version: 'x' })).toString('base64')
  return {
    bytes,
    lived,
    errors: fit.run.epochs.map(({ trainMse, validMse }) => [trainMse, validMse]),
  }
}

const cases: Record<string, Record<string, unknown>> = {
  Adam: {},
  'SGD with L2': { optimizer: 'sgd', decay: 'l2', learningRate: 1 },
  'a step for each rating, self-adjusting': {
    optimizer: 'per-rating',
    schedule: 'self-adjusting',
    learningRate: 0.1,
  },
  'a net, whose masks go on where they were': {
    algorithm: 'net',
    learningRate: 0.03,
    embeddingDropout: 0.1,
    hiddenLayers: [12, 5],
  },
  'early stopping, whose best epoch is behind': {
    learningRate: 0.3,
    earlyStopping: { patience: 9 },
    schedule: 'constant',
  },
  'early stopping of a net, whose best epoch is behind': {
    algorithm: 'net',
    learningRate: 0.1,
    embeddingDropout: 0.1,
    hiddenLayers: [12, 5],
    earlyStopping: { patience: 9 },
    schedule: 'constant',
  },
}

for (const [name, changes] of Object.entries(cases))
  test(`${name}: killed twice and resumed gives the bytes of an undisturbed training`, async () => {
    const undisturbed = await train(changes)
    const checkpoints = keep()
    await assert.rejects(train(changes, checkpoints, 4), /killed/)
    await assert.rejects(train(changes, checkpoints, 9), /killed/)
    const resumed = await train(changes, checkpoints)
    assert.equal(resumed.lived, undisturbed.lived, 'every epoch is told, trained now or before')
    assert.equal(checkpoints.seen.saves, undisturbed.lived, 'no epoch is trained twice')
    assert.deepEqual(resumed.errors, undisturbed.errors)
    assert.equal(resumed.bytes, undisturbed.bytes)
  })

test('a checkpoint of other settings, or a damaged one, is passed over', async () => {
  const checkpoints = keep()
  await assert.rejects(train({ epochs: 14 }, checkpoints, 4), /killed/)
  assert.equal((await train({}, checkpoints)).lived, 15)
  checkpoints.damage()
  assert.equal((await train({}, checkpoints)).lived, 15)
})

test('a finished training that is started again has nothing left to do', async () => {
  const checkpoints = keep()
  const first = await train({}, checkpoints)
  const { saves } = checkpoints.seen
  const again = await train({}, checkpoints)
  assert.deepEqual([again.bytes, checkpoints.seen.saves], [first.bytes, saves])
})
