import type { Matrix } from '../../numeric/linear/matrix.ts'
import { type RatedMovies, ratedMovies } from '../data/ratings.ts'
import type { DenseLayer, Model } from '../model.ts'

/**
 * The model whose users are the movies of this one, and whose movies its users: the same prediction
 * of every pair, so that a movie is folded in as a user is. Of `intervals`, `recent` and the ranking's
 * mean user it makes nothing. Transposed twice it is the model.
 */
export function transposed(model: Model): Model {
  const { users, movies, userFactors, movieFactors, baseline, ranking, layers } = model
  return {
    ...model,
    users: movies,
    movies: users,
    userFactors: movieFactors,
    movieFactors: userFactors,
    userBias: model.movieBias,
    movieBias: model.userBias,
    layers: layers.map((layer, n) => (n === 0 ? swapped(layer, userFactors.columns) : layer)),
    baseline: { ...baseline, userBias: baseline.movieBias, movieBias: baseline.userBias },
    ranking: ranking && {
      ...ranking,
      userFactors: ranking.movieFactors,
      movieFactors: ranking.userFactors,
    },
    rated: ratingUsers(model),
  }
}

/** The first layer of a net for [v; u], where it was for [u; v] with so many columns of u. */
function swapped({ weight, bias }: DenseLayer, ofUser: number): DenseLayer {
  const { rows, columns, data } = weight
  const moved = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * columns, (row + 1) * columns]
    moved.set(data.subarray(from + ofUser, to), from)
    moved.set(data.subarray(from, from + ofUser), to - ofUser)
  }
  const turned: Matrix = { rows, columns, data: moved }
  return { weight: turned, bias }
}

/** Who rated each movie, and how. */
function ratingUsers({ users, movies, rated }: Model): RatedMovies {
  const { offsets, movieIndex, rating } = rated
  const userIndex = new Uint32Array(movieIndex.length)
  for (let user = 0; user < users.size; user++)
    userIndex.fill(user, offsets[user], offsets[user + 1])
  const timestamp = new Uint32Array(rating.length)
  const columns = { userIndex: movieIndex, movieIndex: userIndex, rating, timestamp }
  return ratedMovies({ users: movies, movies: users, ...columns })
}
