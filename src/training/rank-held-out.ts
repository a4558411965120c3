import type { RankingSummary } from '../model/card.ts'
import type { Model } from '../model/model.ts'
import type { Ratings } from '../model/ratings.ts'
import { createRelevance } from '../model/relevance.ts'
import { createRandom, permutation } from '../numeric/random.ts'
import { listLength } from './figures.ts'
import { measureRanking } from './measure-ranking.ts'
import { ratedShare } from './predictors.ts'
import type { Pulse } from './pulse.ts'
import { type RankingCase, relevantRating } from './ranking-cases.ts'
import type { EvaluationRows } from './training-data.ts'

/** Scoring every movie for more users than these would take longer than training on large data. */
const mostUsers = 1_000

/**
 * Measures a model's lists on held-out rows as `evaluate` does by default, for the users that the
 * model knows, or for a thousand of them; null for a model without a ranking or when none liked a movie.
 */
export async function rankHeldOut(
  model: Model,
  train: Ratings,
  heldOut: EvaluationRows,
  seed: number,
  pulse: Pulse,
): Promise<RankingSummary | null> {
  const relevance = createRelevance(model)
  const all = casesOf(model.users.size, train, heldOut)
  const order = permutation(all.length, createRandom(seed, 'ranked-users')).slice(0, mostUsers)
  const cases = Array.from(order, (i) => all[i]!)
  if (!relevance || cases.length === 0) return null
  const share = ratedShare(model, train)
  const found = await measureRanking(cases, relevance.scoreAll, share, listLength, pulse)
  return {
    'ndcg@10': found.ndcg!,
    'recall@10': found.recall!,
    'hit@10': found.hit!,
    users: cases.length,
  }
}

function casesOf(users: number, train: Ratings, heldOut: EvaluationRows): RankingCase[] {
  const sets = () => Array.from({ length: users }, () => new Set<number>())
  const [relevant, seen] = [sets(), sets()]
  heldOut.rating.forEach((rating, row) => {
    const movie = heldOut.movieIndex[row]!
    // A movie that the model does not know has a number of its own, which no list shows.
    if (rating >= relevantRating) relevant[heldOut.userIndex[row]!]?.add(movie < 0 ? ~row : movie)
  })
  train.rating.forEach((rating, row) => {
    if (rating >= relevantRating) seen[train.userIndex[row]!]!.add(train.movieIndex[row]!)
  })
  return relevant.flatMap((liked, user) =>
    liked.size === 0 ? [] : { user, relevant: liked, seen: seen[user]! },
  )
}
