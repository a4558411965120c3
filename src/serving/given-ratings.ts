import { type InputProblem, MarqueeError } from '../errors.ts'
import type { OwnRatings } from '../model/data/ratings.ts'
import type { Model } from '../model/model.ts'

/** A rating that came with a question. */
export type GivenRating = { readonly movieId: string; readonly rating: number }

/** Refuses ratings off the scale that visitors have (`invalid-request`). */
export function refuseOffScale({ visitorScale }: Model, ratings: readonly GivenRating[]): void {
  const [lowest, highest] = visitorScale
  const isOn = ({ rating }: GivenRating) => rating >= lowest && rating <= highest
  if (ratings.every(isOn)) return
  const detail = `expected a rating from ${lowest} to ${highest}, the scale of the ratings`
  const problems = ratings.flatMap((given, i): InputProblem[] =>
    isOn(given) ? [] : [{ pointer: `/ratings/${i}/rating`, detail }],
  )
  const message = `${problems[0]!.pointer}: ${detail}.`
  throw new MarqueeError('invalid-request', message, { problems: problems.slice(0, 20) })
}

/** Ratings that came with a question, as they count. */
export type CountedRatings = {
  /** Names them: the same for the same ratings in any order. */
  readonly key: string
  /** Those of the model's movies. */
  readonly own: OwnRatings
  /** Movies that the model does not know, in the order in which they came. */
  readonly unknownMovieIds: readonly string[]
}

/**
 * One rating a movie, the last that was given: by movie index, so that the order in which they were given
 * changes nothing, and in single precision, as the model's own ratings are.
 */
export function countedRatings({ movies }: Model, ratings: readonly GivenRating[]): CountedRatings {
  const latest = new Map<string, number>()
  for (const { movieId, rating } of ratings) latest.set(movieId, rating)
  const unknownMovieIds: string[] = []
  const known: { movie: number; rating: number }[] = []
  for (const [movieId, rating] of latest) {
    const movie = movies.indexOf(movieId)
    if (movie < 0) unknownMovieIds.push(movieId)
    else known.push({ movie, rating: Math.fround(rating) })
  }
  known.sort((a, b) => a.movie - b.movie)
  const sorted = [...latest.keys()].sort().map((movieId) => [movieId, latest.get(movieId)])
  return {
    key: `ratings ${JSON.stringify(sorted)}`,
    own: { movieIndex: known.map(({ movie }) => movie), rating: known.map(({ rating }) => rating) },
    unknownMovieIds,
  }
}
