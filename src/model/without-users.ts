import type { Matrix } from '../numeric/linear/matrix.ts'
import { Vocabulary } from './data/vocabulary.ts'
import type { Model } from './model.ts'

/**
 * The model without some of its users: their ids, vectors, biases and ratings. What was learnt from
 * them about movies stays, as do counts of many. The model itself where it knows none of them.
 */
export function withoutUsers(model: Model, isErased: (userId: string) => boolean): Model {
  const kept = Uint32Array.from(model.users.ids.keys()).filter(
    (user) => !isErased(model.users.idOf(user)),
  )
  if (kept.length === model.users.size) return model
  const { baseline, ranking, intervals } = model
  return {
    ...model,
    users: new Vocabulary(Array.from(kept, (user) => model.users.idOf(user))),
    userFactors: rowsOf(model.userFactors, kept),
    userBias: model.userBias && pick(model.userBias, kept),
    baseline: { ...baseline, userBias: pick(baseline.userBias, kept) },
    ranking: ranking && { ...ranking, userFactors: rowsOf(ranking.userFactors, kept) },
    rated: ratedBy(model.rated, kept),
    intervals: intervals && {
      ...intervals,
      userRatings: kept.map((user) => intervals.userRatings[user]!),
    },
  }
}

function pick(numbers: Float32Array, kept: Uint32Array): Float32Array {
  return Float32Array.from(kept, (user) => numbers[user]!)
}

function rowsOf({ columns, data }: Matrix, kept: Uint32Array): Matrix {
  const rows = new Float32Array(kept.length * columns)
  for (const [row, user] of kept.entries())
    rows.set(data.subarray(user * columns, (user + 1) * columns), row * columns)
  return { rows: kept.length, columns, data: rows }
}

function ratedBy({ offsets, movieIndex, rating }: Model['rated'], kept: Uint32Array) {
  const ownOffsets = new Uint32Array(kept.length + 1)
  for (const [row, user] of kept.entries())
    ownOffsets[row + 1] = ownOffsets[row]! + offsets[user + 1]! - offsets[user]!
  const own = {
    offsets: ownOffsets,
    movieIndex: new Uint32Array(ownOffsets[kept.length]!),
    rating: new Float32Array(ownOffsets[kept.length]!),
  }
  for (const [row, user] of kept.entries()) {
    own.movieIndex.set(movieIndex.subarray(offsets[user], offsets[user + 1]), ownOffsets[row])
    own.rating.set(rating.subarray(offsets[user], offsets[user + 1]), ownOffsets[row])
  }
  return own
}
