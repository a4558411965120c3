import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import type { Model } from '../../src/model/model.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { cardOf } from '../../src/queue/worker/training/run-training-job.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { measureModel } from '../../src/training/evaluation/measure-model.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { reportOf } from '../../src/training/report/report.ts'
import { prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { cardLists, trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

const ratings = plantedRatings({ users: 60, movies: 40 })

for (const changes of [
  { algorithm: 'dot-bias', epochs: 3, earlyStopping: {} },
  { algorithm: 'net', epochs: 2 },
  { algorithm: 'bayes', burnIn: 3, sweeps: 5 },
])
  test(`${changes.algorithm}: the card says what measuring the published model again says`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'marquee-measure-'))
    t.after(() => rm(folder, { recursive: true }))
    const registry = createModelRegistry(createFileStore(folder))
    const spec =
      changes.algorithm === 'bayes'
        ? trainingSpecSchema.parse({ ...changes, refit: false })
        : plantedSpec(changes)
    const training = await trainModel({ ratings, spec, backend: 'wasm' })
    const { fit } = training
    const facts = { version: 'v1', jobId: null, ratings, dataVersion: 'd', live: [] }
    await registry.publish(
      { tensors: encodeModel(fit.model), report: reportOf(training) },
      cardOf(facts, training),
    )

    const card = await registry.card('v1')
    const model = decodeModel(await registry.tensors(card))
    const { train, heldOut } = prepareTrainingData(ratings, undefined, spec)
    const again = (altered: Model) =>
      measureModel(
        {
          ...{ model: altered, counts: altered.intervals!, train, test: heldOut! },
          ...{ lists: cardLists(spec.seed, model), seed: spec.seed, baseline: fit.baseline },
        },
        createPulse(),
      )
    const measured = await again(model)
    const { createdAt: _, tensors, report: ___, sequence, ...rest } = card
    const { createdAt: __, ...asMeasured } = cardOf(facts, {
      fit,
      measurement: measured,
      compared: null,
      ...{ refit: null, model },
    })
    assert.deepEqual(asMeasured, JSON.parse(JSON.stringify(rest)))
    assert.ok(
      sequence === 1 && tensors.sizeBytes > 0 && card.metrics!.rows === heldOut!.rating.length,
    )
    const { predictedVsActual } = await registry.report('v1')
    assert.deepEqual(measured.pictures!.predictedVsActual, predictedVsActual)

    const factors = { ...model.movieFactors, data: model.movieFactors.data.map((x) => 1.01 * x) }
    const altered = await again({ ...model, movieFactors: factors })
    assert.notEqual(altered.errors.mse, card.metrics!.mse)
    assert.notDeepEqual(altered.intervalCoverage, card.intervals)
  })

test('the card of a model says whether it loses to the damped biases', async () => {
  const facts = { version: 'v1', jobId: null, ratings, dataVersion: 'd', live: [] }
  const cardAfter = async (changes: object) => {
    const spec = plantedSpec({ algorithm: 'dot-bias', ...changes })
    return cardOf(facts, await trainModel({ ratings, spec, backend: 'wasm' }))
  }
  assert.equal(
    (await cardAfter({ preset: 'fastai', epochs: 1, learningRate: 1e-6 })).losesToBiases,
    true,
  )
  assert.equal((await cardAfter({})).losesToBiases, false)
  assert.equal((await cardAfter({ epochs: 1, split: { valid: 0 } })).losesToBiases, null)
})
