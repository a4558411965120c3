import type { Matrix } from '../../numeric/linear/matrix.ts'
import { decimalScale, likeThreshold, visitorScale } from '../data/rating-scale.ts'
import type { Vocabulary } from '../data/vocabulary.ts'
import { type Intervals, levels, ratingBuckets, scaleParts, userGroups } from '../intervals.ts'
import type { DenseLayer, Model } from '../model.ts'
import { meanOfRows } from '../ranker.ts'
import { describeModel } from './describe-model.ts'
import { decodeTensors, encodeTensors, type Tensor, type TensorData } from './safetensors.ts'
import { createTensorReader, invalid, type TensorReader } from './tensor-reader.ts'
import { encodeText } from './text-tensors.ts'

/**
 * A model as a safetensors file:
 *
 *   user_factors [users, k]      user_bias [users]            rated_offsets [users + 1]
 *   movie_factors [movies, k]    movie_bias [movies]          rated_movies [rows]
 *   layers.N.weight [out, in]    baseline_user_bias [users]   rated_values [rows]
 *   layers.N.bias [out]          baseline_movie_bias [movies] rating_scale [2], rating_range [2]
 *   baseline_mean [1]            liked_from [1]               visitor_scale [2]
 *   user_ids, movie_ids as *_offsets [n + 1] and *_utf8 [bytes]
 *   ranking_user_factors [users, r], ranking_movie_factors [movies, r], ranking_mean_user [r]
 *
 *   recent_ratings [windows, movies], recent_days [windows], recent_as_of [1]
 *   intervals.user_ratings [users]       intervals.by_user, .by_movie [11]
 *   intervals.movie_ratings [movies]     intervals.by_prediction [8], .quantiles [4, 50]
 *
 * user_bias, movie_bias, rating_range, the layers, the ranking factors, recent_* and the intervals
 * are there only where the model has them.
 */
const format = 'marquee-model'
const formatVersion = '1'

/** The file's parts, to be written one after the other; the metadata say how to read it. */
export function encodeModel(
  model: Model,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array[] {
  return encodeTensors(tensorsOf(model), {
    ...metadata,
    ...describeModel(model),
    format,
    formatVersion,
  })
}

/** The model's tensors by name, as they stand in its file. */
export function tensorsOf(model: Model): ReadonlyMap<string, Tensor> {
  const tensors = new Map<string, Tensor>()
  const vector = (name: string, data: TensorData | null) => {
    if (data) tensors.set(name, { shape: [data.length], data })
  }
  const matrix = (name: string, { rows, columns, data }: Matrix) =>
    tensors.set(name, { shape: [rows, columns], data })
  const ids = (name: string, vocabulary: Vocabulary) => {
    const { offsets, bytes } = encodeText(vocabulary.texts)
    tensors.set(`${name}_offsets`, offsets).set(`${name}_utf8`, bytes)
  }

  matrix('user_factors', model.userFactors)
  matrix('movie_factors', model.movieFactors)
  vector('user_bias', model.userBias)
  vector('movie_bias', model.movieBias)
  model.layers.forEach(({ weight, bias }, n) => {
    matrix(`layers.${n}.weight`, weight)
    vector(`layers.${n}.bias`, bias)
  })
  if (model.ranking) {
    matrix('ranking_user_factors', model.ranking.userFactors)
    matrix('ranking_movie_factors', model.ranking.movieFactors)
    vector('ranking_mean_user', model.ranking.meanUser)
  }
  vector('rating_range', model.ratingRange && Float32Array.from(model.ratingRange))
  vector('rating_scale', Float32Array.from(model.ratingScale))
  vector('visitor_scale', Float32Array.from(model.visitorScale))
  vector('liked_from', Float32Array.of(model.likedFrom))
  vector('baseline_mean', Float32Array.of(model.baseline.mean))
  vector('baseline_user_bias', model.baseline.userBias)
  vector('baseline_movie_bias', model.baseline.movieBias)
  vector('rated_offsets', model.rated.offsets)
  vector('rated_movies', model.rated.movieIndex)
  vector('rated_values', model.rated.rating)
  if (model.recent) {
    const { days, counts, asOf } = model.recent
    vector('recent_as_of', Uint32Array.of(asOf))
    vector('recent_days', days)
    tensors.set('recent_ratings', {
      shape: [days.length, counts.length / days.length],
      data: counts,
    })
  }
  if (model.intervals) {
    vector('intervals.user_ratings', model.intervals.userRatings)
    vector('intervals.movie_ratings', model.intervals.movieRatings)
    vector('intervals.by_user', model.intervals.byUser)
    vector('intervals.by_movie', model.intervals.byMovie)
    vector('intervals.by_prediction', model.intervals.byPrediction)
    matrix('intervals.quantiles', model.intervals.quantiles)
  }
  ids('user_ids', model.users)
  ids('movie_ids', model.movies)
  return tensors
}

/** The model of a file; an `invalid-model` error says what is wrong. Its arrays share the bytes. */
export function decodeModel(bytes: Uint8Array): Model {
  const { tensors, metadata } = decodeTensors(bytes)
  if (metadata['format'] !== format)
    throw invalid(`its format is ${JSON.stringify(metadata['format'])}, expected "${format}"`)
  if (metadata['formatVersion'] !== formatVersion)
    throw invalid(`got version ${metadata['formatVersion']}, expected ${formatVersion}`)

  const read = createTensorReader(tensors)
  const users = read.ids('user_ids')
  const movies = read.ids('movie_ids')
  const ratingRange = tensors.has('rating_range') ? read.pair('rating_range') : null
  const ratingScale = decimalScale(read.pair('rating_scale'))
  const rated = readRated(read, users.size, movies.size)
  const model: Model = {
    users,
    movies,
    userFactors: read.matrix('user_factors', users.size),
    movieFactors: read.matrix('movie_factors', movies.size),
    userBias: tensors.has('user_bias') ? read.floats('user_bias', users.size) : null,
    movieBias: tensors.has('movie_bias') ? read.floats('movie_bias', movies.size) : null,
    layers: readLayers(tensors, read),
    ratingRange,
    ratingScale,
    visitorScale: tensors.has('visitor_scale')
      ? decimalScale(read.pair('visitor_scale'))
      : visitorScale(ratingScale),
    // Models of earlier releases do not say.
    likedFrom: tensors.has('liked_from')
      ? read.floats('liked_from', 1)[0]!
      : likeThreshold(rated.rating, ratingScale),
    baseline: {
      mean: read.floats('baseline_mean', 1)[0]!,
      userBias: read.floats('baseline_user_bias', users.size),
      movieBias: read.floats('baseline_movie_bias', movies.size),
    },
    ranking: readRanking(tensors, read, users.size, movies.size),
    rated,
    recent: tensors.has('recent_ratings') ? readRecent(read, movies.size) : null,
    intervals: tensors.has('intervals.quantiles')
      ? readIntervals(read, users.size, movies.size)
      : null,
  }
  checkShapes(model)
  return model
}

function readLayers(tensors: ReadonlyMap<string, Tensor>, read: TensorReader): DenseLayer[] {
  const layers: DenseLayer[] = []
  while (tensors.has(`layers.${layers.length}.weight`)) {
    const weight = read.matrix(`layers.${layers.length}.weight`)
    const bias = read.floats(`layers.${layers.length}.bias`, weight.rows)
    layers.push({ weight, bias })
  }
  return layers
}

function readRanking(
  tensors: ReadonlyMap<string, Tensor>,
  read: TensorReader,
  users: number,
  movies: number,
): Model['ranking'] {
  if (!tensors.has('ranking_user_factors') && !tensors.has('ranking_movie_factors')) return null
  const userFactors = read.matrix('ranking_user_factors', users)
  const movieFactors = read.matrix('ranking_movie_factors', movies)
  if (userFactors.columns !== movieFactors.columns)
    throw invalid(
      `users have ${userFactors.columns} ranking factors, movies ${movieFactors.columns}`,
    )
  // Models of earlier releases have no mean user of their own.
  const meanUser = tensors.has('ranking_mean_user')
    ? read.floats('ranking_mean_user', userFactors.columns)
    : meanOfRows(userFactors)
  return { userFactors, movieFactors, meanUser }
}

function readRated(read: TensorReader, users: number, movies: number): Model['rated'] {
  const offsets = read.integers('rated_offsets', users + 1)
  const movieIndex = read.integers('rated_movies')
  const rating = read.floats('rated_values', movieIndex.length)
  if (offsets[0] !== 0 || offsets[users] !== movieIndex.length)
    throw invalid('"rated_offsets" does not fit "rated_movies"')
  for (let user = 0; user < users; user++)
    if (offsets[user]! > offsets[user + 1]!) throw invalid('"rated_offsets" falls')
  for (const movie of movieIndex)
    if (movie >= movies) throw invalid(`"rated_movies" names movie ${movie} of ${movies}`)
  return { offsets, movieIndex, rating }
}

function readRecent(read: TensorReader, movies: number): Model['recent'] {
  const days = read.integers('recent_days')
  const [asOf] = read.integers('recent_as_of', 1)
  return { asOf: asOf!, days, counts: read.integers('recent_ratings', days.length * movies) }
}

function readIntervals(read: TensorReader, users: number, movies: number): Intervals {
  const quantiles = read.matrix('intervals.quantiles', userGroups)
  if (quantiles.columns !== levels)
    throw invalid(`tensor "intervals.quantiles" has ${quantiles.columns} columns, not ${levels}`)
  return {
    userRatings: read.integers('intervals.user_ratings', users),
    movieRatings: read.integers('intervals.movie_ratings', movies),
    byUser: read.floats('intervals.by_user', ratingBuckets),
    byMovie: read.floats('intervals.by_movie', ratingBuckets),
    byPrediction: read.floats('intervals.by_prediction', scaleParts),
    quantiles,
  }
}

/** The factors must fit each other, or the first layer; each layer must fit the one before. */
function checkShapes({ userFactors, movieFactors, layers }: Model): void {
  if (layers.length === 0) {
    if (userFactors.columns !== movieFactors.columns)
      throw invalid(`users have ${userFactors.columns} factors, movies ${movieFactors.columns}`)
    return
  }
  let inputs = userFactors.columns + movieFactors.columns
  layers.forEach(({ weight }, n) => {
    if (weight.columns !== inputs)
      throw invalid(`layer ${n} takes ${weight.columns} inputs, expected ${inputs}`)
    inputs = weight.rows
  })
  if (layers.length < 2 || inputs !== 1) throw invalid('the last layer does not have one output')
}
