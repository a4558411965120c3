import { dot } from '../numeric/linear/dot.ts'
import type { DenseLayer, Model } from './model.ts'

/**
 * The basis of a prediction: a trained pair, ratings that came with the question, what is known of
 * the movie, the user, or neither, or attributes and first ratings of a movie that the model does
 * not know.
 */
export type Basis =
  | 'trained'
  | 'folded-in'
  | 'movie-bias'
  | 'user-bias'
  | 'global-mean'
  | 'new-movie'

/** Ratings from a model, in rating units; −1 stands for an unknown index. */
export type Scorer = {
  /** The rating, within the scale of the model's data. */
  predict(userIndex: number, movieIndex: number): number
  /** Every movie's score for one user, into `out` [movies]. */
  scoreAll(userIndex: number, out: Float32Array): void
  /** A scorer for one user, of whom a network then prepares its half once. */
  ofUser(userIndex: number): UserScorer
  /** A scorer for somebody who is not among the model's users, by factors [k] and a bias. */
  of(factors: Float32Array, bias: number): UserScorer
}

/** What of a model a scorer needs. */
export type ScoredModel = Pick<
  Model,
  | 'userFactors'
  | 'movieFactors'
  | 'userBias'
  | 'movieBias'
  | 'layers'
  | 'ratingRange'
  | 'ratingScale'
  | 'baseline'
>

/** A scorer for one user. */
export type UserScorer = {
  /** The rating, within the scale of the model's data. */
  predict(movieIndex: number): number
  /** The rating before it is put into the scale, beyond whose end movies would otherwise tie. */
  score(movieIndex: number): number
  scoreAll(out: Float32Array): void
}

/** Names what `predict` rests on for this pair. */
export function basisOf(userIndex: number, movieIndex: number): Basis {
  if (userIndex >= 0 && movieIndex >= 0) return 'trained'
  if (movieIndex >= 0) return 'movie-bias'
  return userIndex >= 0 ? 'user-bias' : 'global-mean'
}

/**
 * With a range: r̂ = lo + (hi − lo)·σ(z), else r̂ = z, where z = u·v or the network's output
 * (+ b_u + b_m). A pair with an unknown side gets the damped baseline μ (+ b_u) (+ b_m).
 */
export function createScorer(model: ScoredModel, movieHalf = movieHalfOf(model)): Scorer {
  const { baseline, ratingRange, ratingScale } = model
  const raw = movieHalf ? network(model, movieHalf) : dotProduct(model)
  const [lowest, highest] = ratingScale
  const clamp = (rating: number) => Math.min(highest, Math.max(lowest, rating))
  const scale = ratingRange
    ? (z: number) => ratingRange[0] + (ratingRange[1] - ratingRange[0]) / (1 + Math.exp(-z))
    : (z: number) => z

  const scoreFromBiases = (userIndex: number, movieIndex: number) => {
    const userBias = userIndex >= 0 ? baseline.userBias[userIndex]! : 0
    const movieBias = movieIndex >= 0 ? baseline.movieBias[movieIndex]! : 0
    return baseline.mean + userBias + movieBias
  }
  const rawOf = (user: number) =>
    raw.of(model.userFactors.data, user * model.userFactors.columns, model.userBias?.[user] ?? 0)
  const rawPair = raw.pair ?? ((user: number, movie: number) => rawOf(user)(movie))
  const ofUser = (userIndex: number) => {
    if (userIndex < 0) return userScorer((movie) => scoreFromBiases(-1, movie))
    const scoreOf = rawOf(userIndex)
    return userScorer((movie) =>
      movie < 0 ? scoreFromBiases(userIndex, -1) : scale(scoreOf(movie)),
    )
  }
  const userScorer = (score: (movieIndex: number) => number): UserScorer => ({
    score,
    predict: (movie) => clamp(score(movie)),
    scoreAll(out) {
      for (let movie = 0; movie < out.length; movie++) out[movie] = score(movie)
    },
  })
  return {
    // Not by ofUser: to make a scorer costs as much as a prediction.
    predict: (userIndex, movieIndex) =>
      clamp(
        userIndex < 0 || movieIndex < 0
          ? scoreFromBiases(userIndex, movieIndex)
          : scale(rawPair(userIndex, movieIndex)),
      ),
    scoreAll: (userIndex, out) => ofUser(userIndex).scoreAll(out),
    ofUser,
    of(factors, bias) {
      const scoreOf = raw.of(factors, 0, bias)
      return userScorer((movie) => scale(scoreOf(movie)))
    },
  }
}

/** z of every movie for the user whose factors start at `from`, and of a pair of the model. */
type RawScorer = {
  of(factors: Float32Array, from: number, bias: number): (movieIndex: number) => number
  pair?(userIndex: number, movieIndex: number): number
}

/** z = u·v + b_u + b_m */
function dotProduct({ userFactors, movieFactors, userBias, movieBias }: ScoredModel): RawScorer {
  const k = movieFactors.columns
  return {
    pair: (user, movie) =>
      dot(userFactors.data, user * k, movieFactors.data, movie * k, k) +
      (userBias?.[user] ?? 0) +
      (movieBias ? movieBias[movie]! : 0),
    of: (factors, from, bias) => (movie) =>
      dot(factors, from, movieFactors.data, movie * k, k) +
      bias +
      (movieBias ? movieBias[movie]! : 0),
  }
}

/**
 * The movies' half of a network's first layer, W_1v·v + b_1 [movies, units]: it is the same for
 * every user, and costs most. Null for a model without layers.
 */
export function movieHalfOf({
  userFactors,
  movieFactors,
  layers,
}: ScoredModel): Float32Array | null {
  const [first] = layers
  if (!first) return null
  const { rows: units, columns: inputs, data } = first.weight
  const half = new Float32Array(movieFactors.rows * units)
  const k = movieFactors.columns
  for (let movie = 0; movie < movieFactors.rows; movie++)
    for (let unit = 0; unit < units; unit++) {
      const from = unit * inputs + userFactors.columns
      half[movie * units + unit] =
        first.bias[unit]! + dot(data, from, movieFactors.data, movie * k, k)
    }
  return half
}

/**
 * z = W_n·relu(… relu(W_1·[u; v] + b_1) …) + b_n (+ b_u + b_m), given the movies' half of the first
 * layer.
 */
function network(
  { userFactors, movieBias, layers }: ScoredModel,
  movieHalf: Float32Array,
): RawScorer {
  const [first, ...rest] = layers as [DenseLayer, ...DenseLayer[]]
  const { rows: units, columns: inputs } = first.weight
  return {
    of: (factors, from, bias) => {
      const userHalf = new Float32Array(units)
      for (let unit = 0; unit < units; unit++)
        userHalf[unit] = dot(first.weight.data, unit * inputs, factors, from, userFactors.columns)
      const outputs = [units, ...rest.map((layer) => layer.weight.rows)].map(
        (size) => new Float32Array(size),
      )
      return (movie) => {
        let input = outputs[0]!
        for (let unit = 0; unit < units; unit++)
          input[unit] = Math.max(0, userHalf[unit]! + movieHalf[movie * units + unit]!)
        rest.forEach((layer, i) => {
          const output = outputs[i + 1]!
          const isLast = i === rest.length - 1
          for (let unit = 0; unit < output.length; unit++) {
            const sum =
              layer.bias[unit]! +
              dot(layer.weight.data, unit * input.length, input, 0, input.length)
            output[unit] = isLast ? sum : Math.max(0, sum)
          }
          input = output
        })
        return input[0]! + bias + (movieBias ? movieBias[movie]! : 0)
      }
    },
  }
}
