import type { RatedMovies } from '../../model/data/ratings.ts'
import type { IdTable } from '../../model/data/vocabulary.ts'
import { decodeModel } from '../../model/file/model-file.ts'
import { type FoldInModel, foldInModelOf } from '../../model/fold-in/fold-in-model.ts'
import {
  type RankingFoldInModel,
  rankingFoldInModelOf,
} from '../../model/fold-in/ranking-fold-in.ts'
import type { Model } from '../../model/model.ts'
import { rankingRows, ratingRows } from '../../model/movie-rows.ts'
import { movieHalfOf } from '../../model/scorer.ts'
import { type Comparison, compareMovies, compareUsers } from '../../model/similarity.ts'
import { type RankingSpec, resolvedRanking } from '../../model/spec/ranking-spec.ts'
import type { ProductRows } from '../../numeric/search/product-rows.ts'
import { sortedIndices } from '../../numeric/search/sorted-indices.ts'
import { type Seal, verifyTensors } from '../../storage/verify-tensors.ts'
import { type MovieStatistics, movieStatistics } from './movie-statistics.ts'

/**
 * A model and all that can be worked out before the first request; arrays and plain values alone.
 */
export type PreparedModel = {
  readonly model: Omit<Model, 'users' | 'movies'> & {
    readonly users: IdTable
    readonly movies: IdTable
  }
  /** A network's half for the movies, see `movieHalfOf`. */
  readonly movieHalf: Float32Array | null
  readonly statistics: MovieStatistics
  readonly foldIn: FoldInModel
  /** null for a model without a ranking. */
  readonly rankingFoldIn: RankingFoldInModel | null
  /** What similar users and movies are found by. */
  readonly comparedUsers: Comparison
  readonly comparedMovies: Comparison
  /** For finding the highest ratings; null for a network, and where there are no kernels. */
  readonly ratingRows: ProductRows | null
  /** For finding the highest in the ranking; null for a model without one, or without kernels. */
  readonly rankingRows: ProductRows | null
  /** [movies] movie indices by falling bias of the baseline, equal ones by index */
  readonly byBaseline: Uint32Array
  /** [movies] the same by the bias that the model learnt, or the baseline's where it learns none */
  readonly byBias: { readonly top: Uint32Array; readonly bottom: Uint32Array }
}

/**
 * Prepares a model from its bytes, which are verified and checked whole: an `invalid-model` error
 * says what is wrong. Its movies are laid out for exact searches of so many `searchers` at once.
 */
export function prepareModel(
  bytes: Uint8Array,
  seal: Seal,
  ranking: RankingSpec | null,
  searchers: number,
): PreparedModel {
  verifyTensors(seal, bytes)
  const model = decodeModel(bytes)
  const size = model.movies.size
  const statistics = movieStatistics(model)
  const baseline = model.baseline.movieBias
  const byBaseline = sortedIndices(size, (a, b) => baseline[b]! - baseline[a]!)
  const bias = model.movieBias
  return {
    model: { ...model, users: model.users.table, movies: model.movies.table },
    movieHalf: movieHalfOf(model),
    statistics,
    foldIn: foldInModelOf(model),
    rankingFoldIn: rankingFoldInModelOf(model, resolvedRanking(ranking)),
    comparedUsers: compareUsers(model, ratingsOf(model.rated)),
    comparedMovies: compareMovies(model, statistics.ratings, statistics.likes),
    ratingRows: searchers > 0 ? ratingRows(model, searchers) : null,
    rankingRows: searchers > 0 ? rankingRows(model, searchers) : null,
    byBaseline,
    byBias: {
      top: bias ? sortedIndices(size, (a, b) => bias[b]! - bias[a]!) : byBaseline,
      bottom: sortedIndices(size, (a, b) => (bias ?? baseline)[a]! - (bias ?? baseline)[b]!),
    },
  }
}

/** [users] How many movies each rated. */
function ratingsOf({ offsets }: RatedMovies): Uint32Array {
  return offsets.slice(1).map((end, user) => end - offsets[user]!)
}
