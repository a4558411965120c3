import { pickRows } from '../../model/data/ratings.ts'
import { leanOnMean } from '../../model/ranker.ts'
import { priorRatings } from '../../model/spec/ranking-spec.ts'
import { groupBy, indicesWhere } from '../../numeric/counting.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'
import type { Pulse } from '../pulse.ts'
import { fitRanking } from './fit-ranking.ts'
import { type InnerLikes, type LikeCases, openCaseLists } from './inner-likes.ts'
import type { RankingTask } from './ranking-memory.ts'

/** So many ratings of a user are known. */
const counts = [1, 2, 5]
const leastRatings = 20
const mostUsers = 200
/** Of all users, so that what the others say stays what it is. */
const mostShare = 0.2
/** Of fewer a difference is chance. */
const leastUsers = 20

/**
 * The ratings that the mean user weighs as much as. Some users who liked what is set apart are taken
 * out of a short fit, then folded in with 1, 2 and 5 of their ratings: of `priorRatings` it is the one
 * with the highest NDCG@10 of them all; the first one where too few users have ratings enough.
 */
export async function choosePriorRatings(
  task: RankingTask,
  { rows, cases }: InnerLikes,
  pulse: Pulse,
  threads: number,
): Promise<number> {
  const [first] = priorRatings
  const { seed, spec } = task
  const { start, order } = groupBy(rows.userIndex, rows.users.size)
  const most = Math.min(mostUsers, Math.floor(mostShare * rows.users.size))
  const drawn = [...permutation(rows.users.size, createRandom(seed, 'prior-ratings'))]
    .filter((user) => cases.has(user) && start[user + 1]! - start[user]! >= leastRatings)
    .slice(0, most)
  if (drawn.length < leastUsers) return first!
  /** By place among the drawn. */
  const theirs: LikeCases = new Map(drawn.map((user, place) => [place, cases.get(user)!]))
  const isDrawn = new Uint8Array(rows.users.size)
  for (const user of drawn) isDrawn[user] = 1
  const others = indicesWhere(rows.userIndex.length, (row) => isDrawn[rows.userIndex[row]!] === 0)
  const fit = await fitRanking({ ...task, rows: pickRows(rows, others) }, pulse, threads)
  const lists = await openCaseLists(fit.movieFactors)
  const gains = priorRatings.map(() => new Float64Array(drawn.length))
  for (const count of counts) {
    const known = pickRows(rows, firstOf(drawn, start, order, count, seed))
    const once = { ...spec, epochs: 0, recency: 0, priorRatings: 0 }
    const folding = { ...task, rows: known, spec: once, start: fit.movieFactors }
    const { userFactors } = await fitRanking(folding, pulse, threads)
    for (const [i, prior] of priorRatings.entries()) {
      const leaning = leanedOn(fit.meanUser, userFactors, drawn, count, prior)
      const ndcg = lists.ndcg(leaning, theirs)
      for (let user = 0; user < ndcg.length; user++) gains[i]![user]! += ndcg[user]!
    }
  }
  const totals = gains.map((gain) => gain.reduce((sum, value) => sum + value, 0))
  return priorRatings[totals.indexOf(Math.max(...totals))]!
}

function firstOf(
  drawn: readonly number[],
  start: Uint32Array,
  order: Uint32Array,
  count: number,
  seed: number,
): Uint32Array {
  const random = createRandom(seed, 'prior-ratings-known')
  const rows = drawn.flatMap((user) => {
    const own = order.subarray(start[user], start[user + 1])
    return [...permutation(own.length, random).subarray(0, count)].map((place) => own[place]!)
  })
  return Uint32Array.from(rows).sort()
}

/** The vectors of users [users, factors] with so many ratings each, leaning on the mean user. */
function leanedOn(
  meanUser: Float32Array,
  { columns, data }: Matrix,
  users: readonly number[],
  ratings: number,
  prior: number,
): Matrix {
  const leaning = new Float32Array(users.length * columns)
  for (const [place, user] of users.entries()) {
    const vector = leaning.subarray(place * columns, (place + 1) * columns)
    vector.set(data.subarray(user * columns, (user + 1) * columns))
    leanOnMean(vector, meanUser, ratings, prior)
  }
  return { rows: users.length, columns, data: leaning }
}
