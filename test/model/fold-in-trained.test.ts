import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pickRows, type Ratings } from '../../src/model/data/ratings.ts'
import { foldIn } from '../../src/model/fold-in/fold-in.ts'
import { foldInModelOf } from '../../src/model/fold-in/fold-in-model.ts'
import { createUserSpace } from '../../src/model/user-space.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { trainModel } from '../../src/training/train.ts'
import { plantedRatings, plantedSpec } from '../training/planted-ratings.ts'

const leftOut = 15
const all = plantedRatings({ users: 90, movies: 50 })
const random = createRandom(9, 'left-out')
const isGiven = Array.from(all.rating, () => random.uniform() < 0.8)
const rowsWhere = (wanted: (row: number) => boolean) =>
  Uint32Array.from(all.rating.keys()).filter(wanted)
const isLeftOut = (row: number) => all.userIndex[row]! < leftOut
const held = rowsWhere((row) => isLeftOut(row) && !isGiven[row])

async function train(ratings: Ratings) {
  const spec = plantedSpec({ algorithm: 'dot-bias', engine: 'simd', split: { valid: 0 } })
  return (await trainModel({ ratings, spec, backend: 'auto' })).fit.model
}

test('somebody left out of a training is rated nearly as if trained, from four fifths of the ratings', async () => {
  const trained = await train(
    pickRows(
      all,
      rowsWhere((row) => !held.includes(row)),
    ),
  )
  const model = await train(
    pickRows(
      all,
      rowsWhere((row) => !isLeftOut(row)),
    ),
  )
  const { prior } = foldInModelOf(model)
  const [space, trainedSpace] = [createUserSpace(model), createUserSpace(trained)]
  const movieOf = (known: typeof model, row: number) =>
    known.movies.indexOf(all.movies.idOf(all.movieIndex[row]!))
  const [gradient, x] = [new Float64Array(space.size), new Float64Array(space.size)]
  const sums = { folded: 0, trained: 0, mean: 0 }
  for (let user = 0; user < leftOut; user++) {
    const own = rowsWhere((row) => all.userIndex[row] === user && isGiven[row]!)
    const folded = foldIn(space, prior, {
      movieIndex: Array.from(own, (row) => movieOf(model, row)),
      rating: Array.from(own, (row) => all.rating[row]!),
    })
    trainedSpace.trained(trained.users.indexOf(all.users.idOf(user)), x)
    for (const row of held) {
      if (all.userIndex[row] !== user) continue
      const rate = (of: typeof space, vector: Float64Array, known: typeof model) =>
        of.ratingOf(of.slope(vector, movieOf(known, row), gradient)) - all.rating[row]!
      sums.folded += rate(space, folded.x, model) ** 2
      sums.trained += rate(trainedSpace, x, trained) ** 2
      sums.mean += rate(space, prior.mean, model) ** 2
    }
  }
  assert.ok(sums.folded < 1.05 * sums.trained, `${sums.folded} of ${sums.trained}`)
  assert.ok(sums.folded < 0.05 * sums.mean, `${sums.folded} of ${sums.mean}`)
})
