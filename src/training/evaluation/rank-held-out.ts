import type { RankingSummary } from '../../model/card.ts'
import type { Ratings } from '../../model/data/ratings.ts'
import type { Model } from '../../model/model.ts'
import { createRanker } from '../../model/ranker.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'
import type { Pulse } from '../pulse.ts'
import type { EvaluationRows } from '../splitting/training-data.ts'
import { listLength } from './figures.ts'
import { measureRanking } from './measure-ranking.ts'
import { ratedShare } from './predictors.ts'
import { type RankingCase, relevantRating } from './ranking-cases.ts'

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
  const ranker = createRanker(model)
  const users = sampleOfLikers(model.users.size, heldOut, seed)
  if (!ranker || users.length === 0) return null
  const cases = casesOf(users, train, heldOut)
  const share = ratedShare(model, train)
  const found = await measureRanking(cases, ranker.scoreAll, share, listLength, pulse)
  return {
    'ndcg@10': found.ndcg!,
    'recall@10': found.recall!,
    'hit@10': found.hit!,
    users: cases.length,
  }
}

/** Known users who liked a held-out movie. */
function sampleOfLikers(size: number, heldOut: EvaluationRows, seed: number): number[] {
  const isLiker = new Uint8Array(size)
  heldOut.userIndex.forEach((user, row) => {
    if (user >= 0 && heldOut.rating[row]! >= relevantRating) isLiker[user] = 1
  })
  const order = permutation(size, createRandom(seed, 'ranked-users'))
  return Array.from(order.filter((user) => isLiker[user] === 1).slice(0, mostUsers))
}

function casesOf(users: readonly number[], train: Ratings, heldOut: EvaluationRows): RankingCase[] {
  const cases = users.map((user) => ({
    user,
    relevant: new Set<number>(),
    seen: new Set<number>(),
  }))
  const caseOf = new Map(cases.map((each) => [each.user, each]))
  heldOut.rating.forEach((rating, row) => {
    const movie = heldOut.movieIndex[row]!
    // A movie that the model does not know has a number of its own, which no list shows.
    if (rating >= relevantRating)
      caseOf.get(heldOut.userIndex[row]!)?.relevant.add(movie < 0 ? ~row : movie)
  })
  train.rating.forEach((rating, row) => {
    if (rating >= relevantRating)
      caseOf.get(train.userIndex[row]!)?.seen.add(train.movieIndex[row]!)
  })
  return cases
}
