import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { RankingFactors } from '../../model/model.ts'
import { countsOf, indicesWhere } from '../../numeric/counting.ts'
import { compileKernels } from '../../numeric/kernels/kernels.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'
import { addTo, fullBitSet, removeFrom } from '../../numeric/search/bit-set.ts'
import { openProductIndex } from '../../numeric/search/product-index.ts'
import { layOutRows } from '../../numeric/search/product-rows.ts'
import { ndcg } from '../evaluation/list-metrics.ts'

const innerShare = 0.1
const mostLikes = 5_000
/** Of fewer likes a difference between two settings is chance. */
const leastLikes = 100
const listLength = 10

/** By user: the movies they like that are set apart, and those that no list shows. */
export type LikeCases = ReadonlyMap<
  number,
  { readonly relevant: Set<number>; readonly seen: Set<number> }
>

/** Likes of the training rows that are set apart to compare settings on, and the other rows. */
export type InnerLikes = {
  readonly rows: Ratings
  /** The users who have any; their other likes are seen. */
  readonly cases: LikeCases
}

/**
 * Sets a tenth of the likes apart at random, 5,000 at most; null where that would be under a hundred.
 */
export function drawInnerLikes(rows: Ratings, likedFrom: number, seed: number): InnerLikes | null {
  const { userIndex, movieIndex, rating } = rows
  const likes = indicesWhere(rating.length, (row) => rating[row]! >= likedFrom)
  const count = Math.min(mostLikes, Math.floor(innerShare * likes.length))
  if (count < leastLikes) return null
  const isApart = new Uint8Array(rating.length)
  const cases = new Map<number, { relevant: Set<number>; seen: Set<number> }>()
  const order = permutation(likes.length, createRandom(seed, 'ranking-likes'))
  for (const place of order.subarray(0, count)) {
    const row = likes[place]!
    isApart[row] = 1
    const user = userIndex[row]!
    if (!cases.has(user)) cases.set(user, { relevant: new Set(), seen: new Set() })
    cases.get(user)!.relevant.add(movieIndex[row]!)
  }
  for (const row of likes)
    if (isApart[row] === 0) cases.get(userIndex[row]!)?.seen.add(movieIndex[row]!)
  const kept = indicesWhere(rating.length, (row) => isApart[row] === 0)
  return { rows: pickRows(rows, kept), cases }
}

/** The rows of users drawn at random until they have `most`; all rows where there are no more. */
export function rowsOfSomeUsers(rows: Ratings, most: number, seed: number): Ratings {
  const { users, userIndex } = rows
  if (userIndex.length <= most) return rows
  const count = countsOf(userIndex, users.size)
  const isDrawn = new Uint8Array(users.size)
  let drawn = 0
  for (const user of permutation(users.size, createRandom(seed, 'ranking-users'))) {
    if (drawn + count[user]! > most) break
    isDrawn[user] = 1
    drawn += count[user]!
  }
  const picked = indicesWhere(userIndex.length, (row) => isDrawn[userIndex[row]!] === 1)
  return pickRows(rows, picked)
}

/** Lists of cases from the same movies, whoever the users: exact, by the search that serves. */
export type CaseLists = {
  /** NDCG@10 of each user's list [cases], among all movies but what they have seen. */
  ndcg(userFactors: RankingFactors['userFactors'], cases: LikeCases): Float64Array
}

/** Lays the movies out for lists, which takes longer than the lists of some hundred users. */
export async function openCaseLists(
  movieFactors: RankingFactors['movieFactors'],
): Promise<CaseLists> {
  const kernels = await compileKernels()
  const laidOut = layOutRows(movieFactors, null, 1)
  const index = openProductIndex(kernels, laidOut, movieFactors, null)
  const allowed = fullBitSet(movieFactors.rows)
  return {
    ndcg: ({ columns: k, data }, cases) =>
      Float64Array.from(cases, ([user, { relevant, seen }]) => {
        for (const movie of seen) removeFrom(allowed, movie)
        const vector = data.subarray(user * k, (user + 1) * k)
        const list = index.search({ vector, offset: 0 }, listLength, allowed)
        for (const movie of seen) addTo(allowed, movie)
        return ndcg(list, relevant, listLength)
      }),
  }
}

/** The lists of one ranking, see `CaseLists`. */
export async function ndcgOfCases(
  { userFactors, movieFactors }: Pick<RankingFactors, 'userFactors' | 'movieFactors'>,
  cases: LikeCases,
): Promise<Float64Array> {
  return (await openCaseLists(movieFactors)).ndcg(userFactors, cases)
}
