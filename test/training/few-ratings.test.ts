import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows } from '../../src/model/data/ratings.ts'
import { fewRatings } from '../../src/training/evaluation/few-ratings.ts'
import { fitModel } from '../../src/training/fit/fit-model.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { randomSplit } from '../../src/training/splitting/random-split.ts'
import { prepareTrainingData } from '../../src/training/splitting/training-data.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

test('the more ratings of a user are known, the better their list; strangers are measured, too', async () => {
  const ratings = plantedRatings({ users: 200 })
  const { kept, heldOut } = randomSplit(ratings.rating.length, 0.2, 1, 'split')
  const [rows, test] = [pickRows(ratings, kept), pickRows(ratings, heldOut)]
  const ranking = { factors: 4, unobservedWeight: 0.1, regularization: 0.1 }
  const spec = plantedSpec({ algorithm: 'dot-bias', epochs: 1, ranking })
  const data = prepareTrainingData(rows, test, spec)
  const fit = await fitModel({ data, spec, backend: 'wasm' }, createPulse())
  const measured = await fewRatings({ fit, train: data.train, test }, createPulse())
  assert.deepEqual(
    measured.map(({ of }) => of),
    ['strangers', '1 rating', '2 ratings', '5 ratings', '10 ratings', '20 ratings'],
  )
  const [strangers, ...known] = measured.map(({ figures }) => figures)
  assert.equal(strangers!.trained, null)
  assert.ok(strangers!.users > 20 && strangers!.users <= 40, `${strangers!.users} users`)
  const [most] = known.slice(-1)
  for (const figure of [most!.trained!, most!['folded in']])
    assert.ok(figure > strangers!['folded in'] + 0.05, JSON.stringify(measured))
})
