import type { Ratings } from '../../src/model/data/ratings.ts'
import { foldInModelOf, foldInUser } from '../../src/model/fold-in/fold-in-model.ts'
import { foldIntoRanking, rankingFoldInModelOf } from '../../src/model/fold-in/ranking-fold-in.ts'
import { resolvedRanking } from '../../src/model/spec/ranking-spec.ts'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { trainModel } from '../../src/training/train.ts'
import { largeSpec } from '../training/training-size.ts'

const users = 200
const ratingsOfEach = 20
const batches = 3_000
const batchSize = 4

/**
 * Trains on ratings and gives a line of how many microseconds it takes to fold somebody with 20 ratings in. Of
 * batches of four, half a millisecond long, it is the 2 % quantile: few of them are interrupted, so that
 * other work on the machine does not count. With so many factors, or the defaults'.
 */
export async function foldInSpeed(ratings: Ratings, factors?: number): Promise<string> {
  const ranking = { factors: factors ?? 64, unobservedWeight: 0.1, regularization: 0.3, epochs: 3 }
  const asked = factors === undefined ? {} : { ...largeSpec, factors }
  const spec = trainingSpecSchema.parse({
    ...{ algorithm: 'dot-bias', engine: 'simd', ...asked, refit: false },
    ranking: { ...ranking, priorRatings: 2 },
  })
  const { model } = await trainModel({ ratings, spec, backend: 'wasm' })
  const movies = model.movies.size
  const folding = foldInModelOf(model)
  const ofRanking = rankingFoldInModelOf(model, resolvedRanking(spec.ranking))!
  const own = Array.from({ length: users }, (_, user) => ({
    movieIndex: Uint32Array.from(
      { length: ratingsOfEach },
      (_, i) => (977 * user + 13 * (1 + (user % 7)) * i) % movies,
    ).sort(),
    rating: Float32Array.from(
      { length: ratingsOfEach },
      (_, i) => 1 + ((7 * user + 3 * i) % 9) / 2,
    ),
  }))
  const rating = microseconds((user) => foldInUser(folding, own[user]!))
  const relevance = microseconds((user) => foldIntoRanking(ofRanking, own[user]!))
  const size = `${movies.toLocaleString('en')} × ${model.movieFactors.columns}`
  return `${size}, ranking ${ofRanking.movieFactors.columns}: rating ${rating} µs, ranking ${relevance} µs`
}

function microseconds(fold: (user: number) => unknown): string {
  const times: number[] = []
  for (let batch = -batches / 3; batch < batches; batch++) {
    const start = performance.now()
    for (let i = 0; i < batchSize; i++) fold(Math.abs(batchSize * batch + i) % users)
    // The first third warms up.
    if (batch >= 0) times.push((1_000 * (performance.now() - start)) / batchSize)
  }
  return times.sort((a, b) => a - b)[Math.floor(0.02 * batches)]!.toFixed(0)
}
