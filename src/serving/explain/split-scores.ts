import { foldInOperations } from '../../model/fold-in/fold-in-model.ts'
import type { RankingFoldInModel } from '../../model/fold-in/ranking-fold-in.ts'
import type { ListOrder } from '../../model/ranker.ts'
import { dot } from '../../numeric/linear/dot.ts'
import type { Profile } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'
import { explainRelevanceOperations } from './explain-relevance.ts'
import { explainOperations, type ScoreParts } from './explain-scores.ts'

/** The parts of a score, and of which. */
export type Split = ScoreParts & {
  readonly of: ListOrder
  /** Whether a rating is higher than was to be expected by the others; true of a rating's parts. */
  isHigher(row: number): boolean
}

/** Splits a score of each movie; the rating where nobody can be folded into a ranking. */
export async function splitScores(
  snapshot: Snapshot,
  profile: Profile,
  of: ListOrder,
  movies: readonly number[],
): Promise<Split[]> {
  const { rankingFoldIn } = snapshot
  if (of === 'relevance' && profile.rankingVector && rankingFoldIn)
    return splitRelevance(snapshot, rankingFoldIn, profile, profile.rankingVector, movies)
  const split = await splitRatings(snapshot, profile, movies)
  return split.map((parts) => ({ ...parts, of: 'rating', isHigher: () => true }))
}

async function splitRelevance(
  { model, tasks }: Snapshot,
  folding: RankingFoldInModel,
  { own, isUnknown }: Profile,
  vector: Float32Array,
  movies: readonly number[],
): Promise<Split[]> {
  const { data, columns: k } = model.ranking!.movieFactors
  const scores = movies.map((movie) => Math.fround(dot(vector, 0, data, movie * k, k)))
  if (isUnknown) return scores.map((score) => whollyPrior(score, 'relevance'))
  const operations = explainRelevanceOperations(folding, own.rating.length, movies.length)
  const { priors, surprise, parts } = await tasks.run(
    'explainRelevance',
    operations,
    folding,
    own,
    movies,
  )
  return scores.map((score, i) => ({
    ...{ score, prior: priors[i]!, parts: parts[i]!, of: 'relevance' },
    remainder: score - parts[i]!.reduce((sum, part) => sum + part, priors[i]!),
    isHigher: (row) => surprise[row]! > 0,
  }))
}

async function splitRatings(
  { foldIn, tasks }: Snapshot,
  { own, userIndex, vector, isUnknown, score }: Profile,
  movies: readonly number[],
): Promise<ScoreParts[]> {
  if (isUnknown) return movies.map((movie) => whollyPrior(Math.fround(score(movie)), 'rating'))
  const ratings = own.rating.length
  const operations = foldInOperations(foldIn, ratings) + explainOperations(foldIn, ratings, movies)
  return tasks.run('explainScores', operations, foldIn, own, vector ?? userIndex, movies)
}

function whollyPrior(score: number, of: ListOrder): Split {
  const parts = new Float64Array()
  return { score, prior: score, parts, remainder: 0, of, isHigher: () => true }
}
