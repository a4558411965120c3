import { MarqueeError } from '../../errors.ts'
import { decimalOf } from '../../model/data/rating-scale.ts'
import type { Basis } from '../../model/scorer.ts'
import { foldInOperations } from '../fold-in/fold-in-model.ts'
import type { Profile } from '../profile.ts'
import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'
import { explainOperations, type ScoreParts } from './explain-scores.ts'

/** A rating of the user's own and by how much it moved a score. */
export type Contribution = MovieSummary & { rating: number; stars: number }
/** `score` is the sum of `prior`, the stars of `items`, `others` and `remainder`. */
export type Explanation = {
  basis: Basis
  /** The rating as it is shown, within the scale, and before it was put into the scale. */
  rating: number
  score: number
  /** The score for somebody of whom nothing is known. */
  prior: number
  /** The parts of the user's own ratings in it, the strongest first. */
  items: Contribution[]
  /** The sum of those that are not among the items. */
  others: number
  /** The part that training gave the user beyond folding these ratings in. */
  remainder: number
}

/**
 * Splits the score of a movie exactly over what the user rated. An `unknown-movie` error where the
 * model does not know the movie; of a user that it does not know, everything is the prior.
 */
export async function explain(
  snapshot: Snapshot,
  profile: Profile,
  movieId: string,
  n: number,
): Promise<Explanation> {
  const movie = snapshot.model.movies.indexOf(movieId)
  if (movie < 0)
    throw new MarqueeError(
      'unknown-movie',
      `The model does not know movie ${JSON.stringify(movieId)}, so there is nothing to explain.`,
    )
  const { rating, basis } = profile.predict(movie)
  const [known] = await partsOf(snapshot, profile, [movie])
  const { score, prior, stars, remainder } = known ?? whollyPrior(Math.fround(profile.score(movie)))
  const strongest = bestRows(stars, n, Math.abs)
  const shown = strongest.reduce((sum, row) => sum + stars[row]!, 0)
  return {
    ...{ basis, rating, score, prior },
    items: strongest.map((row) => contribution(snapshot, profile, stars, row)),
    others: stars.reduce((sum, value) => sum + value, 0) - shown,
    remainder,
  }
}

/**
 * For each movie of the model the `n` ratings that raised its score most; none of an unknown user.
 */
export async function reasonsFor(
  snapshot: Snapshot,
  profile: Profile,
  movieIds: readonly string[],
  n: number,
): Promise<Contribution[][]> {
  const movies = movieIds.map((id) => snapshot.model.movies.indexOf(id))
  const parts = await partsOf(snapshot, profile, movies)
  return movies.map((_, i) => {
    const stars = parts[i]?.stars ?? new Float64Array()
    const best = bestRows(stars, n, (value) => value).filter((row) => stars[row]! > 0)
    return best.map((row) => contribution(snapshot, profile, stars, row))
  })
}

/** The parts of each movie's score; none of an unknown user. */
async function partsOf(
  { foldIn, tasks }: Snapshot,
  { own, userIndex, isUnknown }: Profile,
  movies: readonly number[],
): Promise<ScoreParts[]> {
  if (isUnknown) return []
  const ratings = own.rating.length
  const operations = foldInOperations(foldIn, ratings) + explainOperations(foldIn, ratings, movies)
  return tasks.run('explainScores', operations, foldIn, own, userIndex, movies)
}

/** The rows with the highest values, the first of equal ones first. */
function bestRows(stars: Float64Array, n: number, value: (stars: number) => number): number[] {
  return Array.from(stars.keys())
    .sort((a, b) => value(stars[b]!) - value(stars[a]!) || a - b)
    .slice(0, n)
}

function contribution(
  snapshot: Snapshot,
  { own }: Profile,
  stars: Float64Array,
  row: number,
): Contribution {
  const movie = summaryOf(snapshot, own.movieIndex[row]!)
  return { ...movie, rating: decimalOf(own.rating[row]!), stars: stars[row]! }
}

function whollyPrior(score: number): ScoreParts {
  return { score, prior: score, stars: new Float64Array(), remainder: 0 }
}
