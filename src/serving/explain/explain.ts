import { MarqueeError } from '../../errors.ts'
import { decimalOf } from '../../model/data/rating-scale.ts'
import type { ListOrder } from '../../model/ranker.ts'
import type { Basis } from '../../model/scorer.ts'
import type { Profile } from '../profile.ts'
import { type MovieSummary, type Snapshot, summaryOf } from '../snapshot.ts'
import { type Split, splitScores } from './split-scores.ts'

/** A rating of the user's own and by how much it moved a score, in rating units or in relevance. */
export type Contribution = MovieSummary & { rating: number; stars?: number; relevance?: number }
/** `score` is the sum of `prior`, the parts of `items` and `against`, `others` and `remainder`. */
export type Explanation = {
  basis: Basis
  /** What is split: how relevant the movie is, or the predicted rating. */
  of: ListOrder
  /** The rating as it is shown, within the scale. */
  rating: number
  /** What is split; a rating before it was put into the scale. */
  score: number
  /** The score for somebody of whom nothing is known. */
  prior: number
  /**
   * The parts of the user's own ratings in it, the strongest first: of a relevance, of what they
   * liked and what raises it.
   */
  items: Contribution[]
  /** What lowers a relevance, the strongest first; not there for a rating. */
  against?: Contribution[]
  /** The sum of the parts that are neither among the items nor against. */
  others: number
  /** The part that training gave the user beyond folding these ratings in. */
  remainder: number
}

/**
 * Splits a score of a movie exactly over what the user rated: its relevance, or its rating, which
 * it is too for a model without a ranking. An `unknown-movie` error where the model does not know
 * the movie; of a user that it does not know, everything is the prior.
 */
export async function explain(
  snapshot: Snapshot,
  profile: Profile,
  movieId: string,
  { n, of }: { n: number; of: ListOrder },
): Promise<Explanation> {
  const movie = snapshot.model.movies.indexOf(movieId)
  if (movie < 0)
    throw new MarqueeError(
      'unknown-movie',
      `The model does not know movie ${JSON.stringify(movieId)}, so there is nothing to explain.`,
    )
  const { rating, basis } = profile.predict(movie)
  const split = (await splitScores(snapshot, profile, of, [movie]))[0]!
  const { score, prior, parts, remainder } = split
  const shown = (rows: readonly number[]) =>
    rows.map((row) => contribution(snapshot, profile, split, row))
  const isRating = split.of === 'rating'
  const items = strongest(
    parts,
    n,
    isRating ? () => true : (row) => speaksFor(snapshot, profile, split, row),
  )
  const against = isRating
    ? []
    : strongest(parts, n, (row) => speaksAgainst(snapshot, profile, split, row))
  const named = [...items, ...against].reduce((sum, row) => sum + parts[row]!, 0)
  return {
    ...{ basis, of: split.of, rating, score, prior },
    items: shown(items),
    ...(!isRating && { against: shown(against) }),
    others: parts.reduce((sum, value) => sum + value, 0) - named,
    remainder,
  }
}

/**
 * For each movie the `n` ratings of what they liked that raised its score most; none of an unknown
 * user, and of a movie that the model does not know.
 */
export async function reasonsFor(
  snapshot: Snapshot,
  profile: Profile,
  movieIds: readonly string[],
  { n, of }: { n: number; of: ListOrder },
): Promise<Contribution[][]> {
  const movies = movieIds.map((id) => snapshot.model.movies.indexOf(id))
  const known = movies.filter((movie) => movie >= 0)
  const splits = await splitScores(snapshot, profile, of, known)
  const reasons = splits.map((split) =>
    strongest(split.parts, n, (row) => speaksFor(snapshot, profile, split, row)).map((row) =>
      contribution(snapshot, profile, split, row),
    ),
  )
  return movies.map((movie) => (movie < 0 ? [] : reasons.shift()!))
}

/** The rows with the strongest parts, up or down, of those that are wanted; equal ones by row. */
function strongest(parts: Float64Array, n: number, isWanted: (row: number) => boolean): number[] {
  return Array.from(parts.keys())
    .filter(isWanted)
    .sort((a, b) => Math.abs(parts[b]!) - Math.abs(parts[a]!) || a - b)
    .slice(0, n)
}

/** Whether a rating is of a movie that they liked, and raises the score for that. */
function speaksFor({ model }: Snapshot, { own }: Profile, split: Split, row: number): boolean {
  return split.parts[row]! > 0 && own.rating[row]! >= model.likedFrom && split.isHigher(row)
}

/** Whether they disliked something like it, or liked what is unlike it. */
function speaksAgainst({ model }: Snapshot, { own }: Profile, split: Split, row: number): boolean {
  return split.parts[row]! < 0 && own.rating[row]! >= model.likedFrom === split.isHigher(row)
}

function contribution(
  snapshot: Snapshot,
  { own }: Profile,
  { of, parts }: Split,
  row: number,
): Contribution {
  const movie = summaryOf(snapshot, own.movieIndex[row]!)
  const part = parts[row]!
  const by = of === 'rating' ? { stars: part } : { relevance: part }
  return { ...movie, rating: decimalOf(own.rating[row]!), ...by }
}
