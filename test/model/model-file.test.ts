import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MarqueeError } from '../../src/errors.ts'
import { decodeModel, encodeModel } from '../../src/model/file/model-file.ts'
import { decodeTensors, encodeTensors } from '../../src/model/file/safetensors.ts'
import type { Model } from '../../src/model/model.ts'
import { dotBiasModel, netModel, rankedModel } from '../support/models.ts'

const bytesOf = (model: Model) => new Uint8Array(Buffer.concat(encodeModel(model)))

const recent = {
  asOf: 1_600_000_000,
  days: Uint32Array.of(1, 7),
  counts: Uint32Array.from({ length: 12 }, (_, i) => i),
}
const models = {
  'lately rated': { ...dotBiasModel(), recent },
  'dot-bias': dotBiasModel(),
  net: netModel(),
  ranked: rankedModel(),
  'dot-bias without intervals': { ...dotBiasModel(), intervals: null },
}
for (const [name, model] of Object.entries(models))
  test(`a ${name} model comes back from its bytes as it was`, () => {
    const back = decodeModel(bytesOf(model))
    assert.deepEqual(back.users.ids, model.users.ids)
    assert.deepEqual(back.movies.ids, model.movies.ids)
    assert.deepEqual(
      { ...back, users: null, movies: null },
      { ...model, users: null, movies: null },
    )
  })

test('ids of any script survive', async () => {
  const { Vocabulary } = await import('../../src/model/data/vocabulary.ts')
  const users = new Vocabulary(['ünï', '日本', 'a b', '4'])
  assert.deepEqual(decodeModel(bytesOf({ ...dotBiasModel(), users })).users.ids, users.ids)
})

test('the tensors carry the names that the file format promises', () => {
  const { tensors, metadata } = decodeTensors(bytesOf(dotBiasModel()))
  assert.deepEqual(tensors.get('user_factors')?.shape, [4, 3])
  assert.deepEqual(tensors.get('movie_factors')?.shape, [6, 3])
  assert.deepEqual(tensors.get('movie_bias')?.shape, [6])
  assert.equal(metadata['format'], 'marquee-model')
})

const broken: Record<string, (model: Model) => Model> = {
  'NaN in the factors': (model) => {
    const data = model.userFactors.data.slice()
    data[2] = Number.NaN
    return { ...model, userFactors: { ...model.userFactors, data } }
  },
  'biases for another number of movies': (model) => ({ ...model, movieBias: new Float32Array(5) }),
  'counts of lately for another number of movies': (model) => ({
    ...model,
    recent: { ...recent, counts: new Uint32Array(10) },
  }),
  'factors of two widths': (model) => ({
    ...model,
    movieFactors: { rows: 6, columns: 2, data: new Float32Array(12) },
  }),
  'a rated movie that does not exist': (model) => ({
    ...model,
    rated: { ...model.rated, movieIndex: model.rated.movieIndex.map(() => 99) },
  }),
  'offsets that fall': (model) => ({
    ...model,
    rated: { ...model.rated, offsets: Uint32Array.of(0, 9, 6, 9, 12) },
  }),
  'quantiles for other levels': (model) => {
    const quantiles = { rows: 4, columns: 2, data: new Float32Array(8) }
    return { ...model, intervals: { ...model.intervals!, quantiles } }
  },
  'training ratings for another number of users': (model) => ({
    ...model,
    intervals: { ...model.intervals!, userRatings: new Uint32Array(9) },
  }),
  'a range upside down': (model) => ({ ...model, ratingRange: [5, 1] }),
}
for (const [what, damage] of Object.entries(broken))
  test(`a model with ${what} is refused with a sentence`, () => {
    const bytes = bytesOf(damage(dotBiasModel()))
    assert.throws(
      () => decodeModel(bytes),
      (error) => error instanceof MarqueeError && error.code === 'invalid-model',
    )
  })

test('a file from before rankings is a model without one, a file with half of one is refused', () => {
  const { tensors, metadata } = decodeTensors(bytesOf(dotBiasModel()))
  assert.ok([...tensors.keys()].every((name) => !name.startsWith('ranking_')))
  assert.equal(decodeModel(bytesOf(dotBiasModel())).ranking, null)
  const movies = decodeTensors(bytesOf(rankedModel())).tensors.get('ranking_movie_factors')!
  const half = encodeTensors(new Map([...tensors, ['ranking_movie_factors', movies]]), metadata)
  assert.throws(() => decodeModel(new Uint8Array(Buffer.concat(half))), /"ranking_user_factors"/)
})

test('ranking factors of two widths are refused', () => {
  const model = rankedModel()
  const movieFactors = { rows: 6, columns: 2, data: new Float32Array(12) }
  const bytes = bytesOf({ ...model, ranking: { ...model.ranking!, movieFactors } })
  assert.throws(() => decodeModel(bytes), /users have 1 ranking factors, movies 2/)
})

test('a net whose layers do not fit each other is refused', () => {
  const model = netModel()
  const bytes = bytesOf({ ...model, layers: [model.layers[0]!, model.layers[2]!] })
  assert.throws(() => decodeModel(bytes), /layer 1 takes 3 inputs, expected 4/)
})
