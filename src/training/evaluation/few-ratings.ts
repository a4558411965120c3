import { pickRows, type Ratings } from '../../model/data/ratings.ts'
import type { RankingFactors } from '../../model/model.ts'
import { type ResolvedRankingSpec, resolvedRanking } from '../../model/spec/ranking-spec.ts'
import { groupBy } from '../../numeric/counting.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'
import { topN } from '../../numeric/search/top-n.ts'
import type { Fit } from '../fit-task.ts'
import type { Pulse } from '../pulse.ts'
import { fitRanking } from '../ranking/fit-ranking.ts'
import { type LikeCases, ndcgOfCases } from '../ranking/inner-likes.ts'
import { ndcg } from './list-metrics.ts'

const counts = [0, 1, 2, 5, 10, 20]
const leastRatings = 20
const mostUsers = 500
/** Of all users, so that what the others say stays what it is. */
const mostShare = 0.2
const listLength = 10

export type FewRatingsTask = {
  readonly fit: Pick<Fit, 'model' | 'run'>
  /** The rows that the fit is of, and others. */
  readonly train: Ratings
  readonly test: Ratings
}

/** The lists of some users, when so many ratings of each are known: NDCG@10. */
export type FewRatings = {
  readonly of: string
  readonly figures: {
    readonly users: number
    /** With these ratings among those trained on; null of strangers. */
    readonly trained: number | null
    /** With these ratings folded in; or of strangers. */
    readonly 'folded in': number
    readonly popularity: number
  }
}

/**
 * Users with 20 training ratings or more who liked a held-out movie, at most 500 and a fifth of all,
 * drawn by the seed, are taken out of the training but for n of their ratings, and the ranking is
 * fitted anew for each n. No list has what its user liked in the whole training, so that all n have
 * the same candidates and the same likes to find. Empty without such users or without a ranking.
 */
export async function fewRatings(task: FewRatingsTask, pulse: Pulse): Promise<FewRatings[]> {
  const { train, fit } = task
  const spec = resolvedRanking(fit.run.spec.ranking)
  const cases = drawCases(task)
  if (!spec || cases.size === 0) return []
  const { seed } = fit.run.spec
  const kept = counts.map((count) => pickRows(train, keptRows(train, cases, count, seed)))
  const strangers = await fitOn(kept[0]!, task, spec, pulse)
  const rows: FewRatings[] = []
  for (const [i, count] of counts.entries()) {
    const known = kept[i]!
    const trained = count === 0 ? null : await fitOn(known, task, spec, pulse)
    rows.push({
      of: count === 0 ? 'strangers' : `${count} rating${count === 1 ? '' : 's'}`,
      figures: {
        users: cases.size,
        trained: trained && mean(await ndcgOfCases(trained, cases)),
        'folded in': mean(
          await ndcgOfCases(await foldedIn(known, count, strangers, task, spec, pulse), cases),
        ),
        popularity: popularityNdcg(known, fit.model.likedFrom, cases),
      },
    })
  }
  return rows
}

function fitOn(
  rows: Ratings,
  { fit: { model, run } }: FewRatingsTask,
  spec: ResolvedRankingSpec,
  pulse: Pulse,
  start?: RankingFactors['movieFactors'],
): Promise<RankingFactors> {
  const { ratingScale: scale, likedFrom } = model
  return fitRanking(
    { rows, spec, seed: run.spec.seed, scale, likedFrom, ...(start && { start }) },
    pulse,
  )
}

/**
 * The vectors of visitors with so many ratings: as the service, it solves users alone, given the
 * movies of a training without them, all ratings as recent, and leans on that training's mean user.
 */
async function foldedIn(
  rows: Ratings,
  count: number,
  { movieFactors, meanUser }: RankingFactors,
  task: FewRatingsTask,
  spec: ResolvedRankingSpec,
  pulse: Pulse,
): Promise<Pick<RankingFactors, 'userFactors' | 'movieFactors'>> {
  const once = { ...spec, epochs: 0, recency: 0 }
  const solved = await fitOn(rows, task, once, pulse, movieFactors)
  const { data, columns } = solved.userFactors
  const prior = spec.priorRatings / (count + spec.priorRatings)
  for (let i = 0; i < data.length; i++)
    data[i]! += prior * (meanUser[i % columns]! - solved.meanUser[i % columns]!)
  return { userFactors: solved.userFactors, movieFactors }
}

/** Whose lists are measured, in the indices of the training rows. */
function drawCases({ train, test, fit: { model, run } }: FewRatingsTask): LikeCases {
  const { users, movies } = train
  const { start } = groupBy(train.userIndex, users.size)
  const likes = new Map<number, Set<number>>()
  const userOf = Int32Array.from(test.users.ids, (id) => users.indexOf(id))
  for (let row = 0; row < test.rating.length; row++) {
    const user = userOf[test.userIndex[row]!]!
    if (user < 0 || test.rating[row]! < model.likedFrom) continue
    if (start[user + 1]! - start[user]! < leastRatings) continue
    const movie = movies.indexOf(test.movies.idOf(test.movieIndex[row]!))
    if (!likes.has(user)) likes.set(user, new Set())
    // A movie that training does not know counts as missed.
    likes.get(user)!.add(movie < 0 ? -1 - test.movieIndex[row]! : movie)
  }
  const most = Math.min(mostUsers, Math.floor(mostShare * users.size))
  const drawn = [...permutation(users.size, createRandom(run.spec.seed, 'few-ratings'))]
    .filter((user) => likes.has(user))
    .slice(0, most)
  const cases = new Map(
    drawn.map((user) => [user, { relevant: likes.get(user)!, seen: new Set<number>() }]),
  )
  for (let row = 0; row < train.rating.length; row++)
    if (train.rating[row]! >= model.likedFrom)
      cases.get(train.userIndex[row]!)?.seen.add(train.movieIndex[row]!)
  return cases
}

/** All rows of the others, and `count` of each measured user, more of them with a higher count. */
function keptRows(train: Ratings, cases: LikeCases, count: number, seed: number): Uint32Array {
  const { start, order } = groupBy(train.userIndex, train.users.size)
  const isKept = new Uint8Array(train.rating.length).fill(1)
  for (const user of cases.keys()) {
    const rows = order.subarray(start[user], start[user + 1])
    const random = createRandom(seed, `few-ratings of ${train.users.idOf(user)}`)
    for (const place of permutation(rows.length, random).subarray(count)) isKept[rows[place]!] = 0
  }
  return Uint32Array.from(isKept.keys()).filter((row) => isKept[row] === 1)
}

function popularityNdcg(rows: Ratings, likedFrom: number, cases: LikeCases): number {
  const likes = new Float32Array(rows.movies.size)
  for (let row = 0; row < rows.rating.length; row++)
    if (rows.rating[row]! >= likedFrom) likes[rows.movieIndex[row]!]! += 1
  return mean(
    Float64Array.from(cases.values(), ({ relevant, seen }) => {
      const list = topN(likes, listLength, (movie) => !seen.has(movie))
      return ndcg(list, relevant, listLength)
    }),
  )
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
