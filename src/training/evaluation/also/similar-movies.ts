import { knownTo } from '../../splitting/training-data.ts'
import { measureSimilar, similarCases } from '../similar/figures.ts'
import {
  coLikeCosine,
  easeColumns,
  type Likes,
  likesOf,
  modelSimilarities,
  popularOnes,
  type SimilarTo,
} from '../similar/lists.ts'
import { seriesGroups } from '../similar/series.ts'
import type { AlsoMeasure, AlsoTask } from './also-measure.ts'

/**
 * Lists of similar movies of the model, and for the same cases those by popularity, by the cosine
 * of likes and by EASE.
 */
export const similarMovies: AlsoMeasure = async (task, pulse) => {
  const { fit, spec, train, test, attributes } = task
  const { model, counts } = fit
  const likes = trainingLikes(task)
  const likeCounts = likes.ofMovie.map((users) => users.length)
  const cases = similarCases(model, train, test, spec.seed)
  const series = seriesGroups(model.movies, attributes?.titles ?? new Map(), counts.movieRatings)
  const genres = attributes?.movies ?? new Map()
  const lists: [string, () => SimilarTo][] = [
    ['the model', () => modelSimilarities(model, counts.movieRatings, likes, genres)],
    ['popularity', () => popularOnes(likes)],
    ['co-like cosine', () => coLikeCosine(likes)],
    ['EASE', () => easeColumns(likes)],
  ]
  const rows = []
  for (const [of, listsOf] of lists) {
    await pulse.beat(rows.length / lists.length)
    rows.push({ of, figures: measureSimilar(listsOf(), cases, series, likeCounts) })
  }
  return rows
}

function trainingLikes({ fit: { model }, train }: AlsoTask): Likes {
  const { userIndex, movieIndex, rating } = knownTo(model, train)
  const isLike = (_: number, row: number) =>
    rating[row]! >= model.likedFrom && userIndex[row]! >= 0 && movieIndex[row]! >= 0
  const { users, movies } = model
  return likesOf(users.size, movies.size, userIndex.filter(isLike), movieIndex.filter(isLike))
}
