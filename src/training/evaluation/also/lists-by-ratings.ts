import { testSetOf } from '../measure-model.ts'
import { measureRanking } from '../measure-ranking.ts'
import { modelPredictor } from '../predictors.ts'
import type { AlsoMeasure } from './also-measure.ts'

/** From so many training ratings on a user is of the next group. */
const edges = [0, 1, 5, 20, 100]

/** Lists by relevance, apart for users with few training ratings and with many. */
export const listsByRatings: AlsoMeasure = async ({ fit, train, test, candidates }, pulse) => {
  const { model, counts } = fit
  const { lists } = testSetOf(model, train, test, { candidates })
  const { scoreAll } = modelPredictor(model, 'relevance')
  const ratingsOf = (user: number) => (user < 0 ? 0 : counts.userRatings[user]!)
  const rows = []
  for (const [i, from] of edges.entries()) {
    const to = (edges[i + 1] ?? Number.POSITIVE_INFINITY) - 1
    const cases = lists!.cases.filter(
      ({ user }) => ratingsOf(user) >= from && ratingsOf(user) <= to,
    )
    const metrics = await measureRanking(cases, scoreAll, lists!.share, 10, pulse)
    const { users, ndcg, recall, hit } = metrics
    const of = to === from ? `${from} ratings` : `${from} to ${to} ratings`
    rows.push({
      of: Number.isFinite(to) ? of : `${from} ratings or more`,
      figures: { users, 'ndcg@10': ndcg, 'recall@10': recall, 'hit@10': hit },
    })
  }
  return rows
}
