import { type InputProblem, MarqueeError } from '../errors.ts'
import type { OwnRatings } from '../model/data/ratings.ts'
import type { Model } from '../model/model.ts'

/** A rating that came with a question. */
export type GivenRating = { readonly movieId: string; readonly rating: number }

/** Refuses ratings off the scale that visitors have (`invalid-request`). */
export function refuseOffScale({ visitorScale }: Model, ratings: readonly GivenRating[]): void {
  const [lowest, highest] = visitorScale
  const detail = `expected a rating from ${lowest} to ${highest}, the scale of the ratings`
  const problems = ratings.flatMap(({ rating }, i): InputProblem[] =>
    rating >= lowest && rating <= highest ? [] : [{ pointer: `/ratings/${i}/rating`, detail }],
  )
  if (problems.length === 0) return
  const message = `${problems[0]!.pointer}: ${detail}.`
  throw new MarqueeError('invalid-request', message, { problems: problems.slice(0, 20) })
}

/** One rating a movie, the last that was given. */
export function latestOf(ratings: readonly GivenRating[]): [movieId: string, rating: number][] {
  return [...new Map(ratings.map(({ movieId, rating }) => [movieId, rating]))]
}

/**
 * By movie index, so that the order in which they were given changes nothing, and in single
 * precision, as the model's own ratings are.
 */
export function knownOf({ movies }: Model, ratings: readonly GivenRating[]): OwnRatings {
  const known = latestOf(ratings)
    .map(([movieId, rating]): [number, number] => [movies.indexOf(movieId), Math.fround(rating)])
    .filter(([movie]) => movie >= 0)
    .sort(([a], [b]) => a - b)
  return { movieIndex: known.map(([movie]) => movie), rating: known.map(([, rating]) => rating) }
}
