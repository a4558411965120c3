import { makeLists } from '../lists/make-lists.ts'
import { modelOrdering } from '../lists/ordering.ts'
import { testSetOf } from '../measure-model.ts'
import { measureLists, relevantOf } from '../measure-ranking.ts'
import type { AlsoMeasure } from './also-measure.ts'

const listLength = 10
/** From so many training ratings on a user is of the next group. */
const edges = [0, 1, 5, 20, 100]

/** Lists by relevance, apart for users with few training ratings and with many. */
export const listsByRatings: AlsoMeasure = async ({ fit, train, test, candidates }, pulse) => {
  const { model, counts } = fit
  const { cases, share } = testSetOf(model, train, test, { candidates }).lists!
  const ordering = modelOrdering(model, 'relevance')
  const task = { ordering, cases, movies: share.length, n: listLength }
  const lists = await makeLists(task, pulse)
  const relevant = relevantOf(cases)
  return edges.map((from, i) => {
    const to = (edges[i + 1] ?? Number.POSITIVE_INFINITY) - 1
    const isIn = (_: unknown, at: number) => {
      const user = cases.user[at]!
      const ratings = user < 0 ? 0 : counts.userRatings[user]!
      return ratings >= from && ratings <= to
    }
    const metrics = measureLists(lists.filter(isIn), relevant.filter(isIn), share, listLength)
    const { users, ndcg, recall, hit } = metrics
    const of = to === from ? `${from} ratings` : `${from} to ${to} ratings`
    return {
      of: Number.isFinite(to) ? of : `${from} ratings or more`,
      figures: { users, 'ndcg@10': ndcg, 'recall@10': recall, 'hit@10': hit },
    }
  })
}
