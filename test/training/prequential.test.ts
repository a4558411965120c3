import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows } from '../../src/model/data/ratings.ts'
import { prequential } from '../../src/training/evaluation/also/prequential.ts'
import { fitModel } from '../../src/training/fit/fit-model.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

test('users unknown to a model are predicted better when their earlier ratings were told', async () => {
  const ratings = plantedRatings({ users: 150 })
  const rows = Uint32Array.from(ratings.rating.keys())
  const train = pickRows(
    ratings,
    rows.filter((row) => ratings.userIndex[row]! >= 30),
  )
  const unseen = pickRows(
    ratings,
    rows.filter((row) => ratings.userIndex[row]! < 30),
  )
  const spec = plantedSpec({ algorithm: 'dot-bias', epochs: 5, ranking: null })
  const data = prepareTrainingData(train, unseen, spec)
  const fit = await fitModel({ data, spec, backend: 'wasm' }, createPulse())
  const task = { fit, spec, train, test: unseen, candidates: 'unliked', backend: 'wasm' } as const
  const measured = await prequential(task, createPulse())
  assert.deepEqual(
    measured.map(({ of }) => of),
    ['users unknown to the model', 'users of the model', 'all'],
  )
  const [unknown, known, all] = measured.map(({ figures }) => figures)
  assert.deepEqual([unknown!['ratings'], known!['ratings']], [unseen.rating.length, 0])
  assert.equal(known!['told'], null)
  assert.ok(unknown!['gain']! > 0.02, JSON.stringify(unknown))
  assert.deepEqual(all, unknown)
})
