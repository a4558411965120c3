import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OwnRatings } from '../../src/model/data/ratings.ts'
import { ratedMovies } from '../../src/model/data/ratings.ts'
import { foldIntoRanking, rankingFoldInModelOf } from '../../src/model/fold-in/ranking-fold-in.ts'
import type { Model } from '../../src/model/model.ts'
import {
  type ResolvedRankingSpec,
  rankingSettings,
  rankingSpecSchema,
} from '../../src/model/spec/ranking-spec.ts'
import { createPulse } from '../../src/training/pulse.ts'
import { fitRanking } from '../../src/training/ranking/fit-ranking.ts'
import { dotBiasModel, rankedModel } from '../support/models.ts'
import { plantedRatings } from '../training/planted-ratings.ts'

const rows = plantedRatings({ users: 40, movies: 30 })
const spec = {
  ...rankingSpecSchema.parse({ recency: 0 }),
  ...rankingSettings[0]!,
  factors: 6,
  priorRatings: 2,
  epochs: 12,
}

/** A model with what the training ranks by; the rest of it is not asked. */
async function ranked(): Promise<Model> {
  const scale: [number, number] = [1, 5]
  const ranking = await fitRanking({ rows, spec, seed: 1, scale, likedFrom: 4 }, createPulse())
  const { users, movies } = rows
  return { ...dotBiasModel(), users, movies, ratingScale: scale, rated: ratedMovies(rows), ranking }
}

function ownOf({ rated }: Model, user: number): OwnRatings {
  const [from, to] = [rated.offsets[user]!, rated.offsets[user + 1]!]
  return { movieIndex: rated.movieIndex.slice(from, to), rating: rated.rating.slice(from, to) }
}

/**
 * The largest difference between a trained vector and the same user's folded one, as a share of its
 * largest number.
 */
function largestError(model: Model, used: ResolvedRankingSpec): number {
  const folding = rankingFoldInModelOf(model, used)!
  const { columns: k, data } = model.ranking!.userFactors
  let largest = 0
  for (let user = 0; user < model.users.size; user++) {
    const trained = data.subarray(user * k, (user + 1) * k)
    const folded = foldIntoRanking(folding, ownOf(model, user))
    const size = Math.max(...trained.map(Math.abs))
    for (let i = 0; i < k; i++)
      largest = Math.max(largest, Math.abs(folded[i]! - trained[i]!) / size)
  }
  return largest
}

test('a user of the training, folded in from their own ratings, gets the trained vector', async () => {
  const model = await ranked()
  const error = largestError(model, spec)
  // Single precision, and the rounding of a system of six equations.
  assert.ok(error < 1e-5, `${error}`)
  const others = [
    { unobservedWeight: 0.2 },
    { regularization: 0.5 },
    { lowTarget: 0.1 },
    { priorRatings: 1 },
  ]
  for (const other of others)
    assert.ok(largestError(model, { ...spec, ...other }) > 1e-3, JSON.stringify(other))
})

test('no ratings are the mean user', () => {
  const model = rankedModel()
  const folding = rankingFoldInModelOf(model, spec)!
  const none = foldIntoRanking(folding, { movieIndex: [], rating: [] })
  assert.deepEqual(none, model.ranking!.meanUser)
})

test('without a ranking, or without what it was trained by, there is nothing to fold with', () => {
  assert.equal(rankingFoldInModelOf(dotBiasModel(), spec), null)
  assert.equal(rankingFoldInModelOf(rankedModel(), null), null)
})
