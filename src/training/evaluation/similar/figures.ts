import type { Ratings } from '../../../model/data/ratings.ts'
import type { Model } from '../../../model/model.ts'
import { createRandom } from '../../../numeric/random/random.ts'
import { membersOf } from '../../../numeric/search/sorted-rows.ts'
import { topN } from '../../../numeric/search/top-n.ts'
import { measureList, type Relevant } from '../list-metrics.ts'
import { relevantOf } from '../measure-ranking.ts'
import { rankingCases } from '../ranking-cases.ts'
import type { SimilarTo } from './lists.ts'

const listLength = 10
/** So many held-out likes are measured at most, at equal distances among all. */
const mostCases = 20_000

/** A user, a movie that they liked in training, and all that they liked, held out or not. */
export type SimilarCase = {
  /** A number of the user's own. */
  readonly user: number
  /** Whose list of similar movies is measured. */
  readonly asked: number
  /** The held-out like that it is measured for; negative where the model does not know it. */
  readonly heldOut: number
  readonly relevant: Relevant
  readonly seen: ReadonlySet<number>
}

/**
 * One case for each held-out like of a user who liked something in training, which of it is drawn
 * by the seed: somebody who liked that movie and looks at its page.
 */
export function similarCases(
  model: Pick<Model, 'users' | 'movies' | 'likedFrom'>,
  train: Ratings,
  test: Ratings,
  seed: number,
): SimilarCase[] {
  const random = createRandom(seed, 'similar-movies')
  const ranking = rankingCases(model, train, test, 'unliked')
  const cases = relevantOf(ranking).flatMap((relevant, user) => {
    const liked = membersOf(ranking.seen, user)
    if (liked.length === 0) return []
    const seen = new Set(liked)
    return Array.from(membersOf(ranking.relevant, user), (heldOut): SimilarCase => {
      return { user, asked: liked[random.below(liked.length)]!, heldOut, relevant, seen }
    })
  })
  const stride = Math.ceil(cases.length / mostCases)
  return cases.filter((_, i) => i % stride === 0)
}

/**
 * Quality of lists of similar movies, without what the user liked in training; null where there is
 * nothing to measure it on. NDCG and recall are by all held-out likes of the user, means over the
 * users of the means over their cases; `coverage` is the share of all movies that are in a list;
 * `rare@10` the mean over the held-out likes of 1/log₂(1 + rank), each weighing 1/(1 + training
 * likes of the movie), so that finding what everybody likes counts little; `series` the share of
 * the others of a movie's series, of ten at most, that are in its list.
 */
export type SimilarFigures = Record<
  'ndcg@10' | 'recall@10' | 'coverage' | 'rare@10' | 'series' | 'cases' | 'seriesMovies',
  number | null
>

/** Measures lists of similar movies; `likes` [movies] in training, `series` groups of movies. */
export function measureSimilar(
  similarTo: SimilarTo,
  cases: readonly SimilarCase[],
  series: readonly (readonly number[])[],
  likes: ArrayLike<number>,
): SimilarFigures {
  const similarity = new Float32Array(likes.length)
  const shown = new Set<number>()
  const users = new Map<number, { ndcg: number; recall: number; cases: number }>()
  let [found, weights] = [0, 0]
  for (const [asked, ofAsked] of groupByAsked(cases)) {
    similarTo(asked, similarity)
    for (const { user, heldOut, relevant, seen } of ofAsked) {
      const list = topN(similarity, listLength, (movie) => !seen.has(movie))
      for (const movie of list) shown.add(movie)
      const { ndcg, recall } = measureList(list, relevant, listLength)
      const sums = users.get(user) ?? { ndcg: 0, recall: 0, cases: 0 }
      users.set(user, sums)
      sums.ndcg += ndcg
      sums.recall += recall
      sums.cases += 1
      const weight = 1 / (1 + (likes[heldOut] ?? 0))
      const rank = list.indexOf(heldOut)
      weights += weight
      if (rank >= 0) found += weight / Math.log2(rank + 2)
    }
  }
  const mean = (figure: 'ndcg' | 'recall') =>
    meanOf(Array.from(users.values(), (sums) => sums[figure] / sums.cases))
  return {
    'ndcg@10': mean('ndcg'),
    'recall@10': mean('recall'),
    coverage: cases.length === 0 ? null : shown.size / likes.length,
    'rare@10': cases.length === 0 ? null : found / weights,
    series: meanOf(series.flatMap((group) => matesFound(similarTo, group, similarity))),
    cases: cases.length,
    seriesMovies: series.flat().length,
  }
}

/** By the movie that is asked for, whose similarities are then worked out once. */
function groupByAsked(cases: readonly SimilarCase[]): Map<number, SimilarCase[]> {
  const groups = new Map<number, SimilarCase[]>()
  for (const each of cases) {
    const group = groups.get(each.asked)
    if (group) group.push(each)
    else groups.set(each.asked, [each])
  }
  return groups
}

/** Of each movie of a series, the share of the others that are in its list. */
function matesFound(
  similarTo: SimilarTo,
  group: readonly number[],
  similarity: Float32Array,
): number[] {
  return group.map((asked) => {
    similarTo(asked, similarity)
    const list = topN(similarity, listLength, (movie) => movie !== asked)
    const mates = list.filter((movie) => group.includes(movie)).length
    return mates / Math.min(listLength, group.length - 1)
  })
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}
