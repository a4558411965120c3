import { parseArgs } from 'node:util'
import { generateRatings } from '../src/cli/generate/generated-ratings.ts'
import { likeThreshold, ratingScaleOf } from '../src/model/data/rating-scale.ts'
import type { Ratings } from '../src/model/data/ratings.ts'
import type { RankingFactors } from '../src/model/model.ts'
import {
  rankingSettings,
  rankingSpecSchema,
  resolvedRanking,
} from '../src/model/spec/ranking-spec.ts'
import { ownThreads } from '../src/numeric/parallel/own-threads.ts'
import { readRatingsFile } from '../src/storage/ratings/read-ratings-file.ts'
import { createPulse } from '../src/training/pulse.ts'
import { fitRanking } from '../src/training/ranking/fit-ranking.ts'
import { drawInnerLikes, ndcgOfCases } from '../src/training/ranking/inner-likes.ts'

// npm run bench:ranking-epochs -- --ratings FILE-or-FOLDER [--seeds 1,2,3], or --generated 2000000

/** What epochs of the ranking come to: NDCG@10 of likes set apart, and how far it is off the last one's. */
const stages = [4, 6, 8, 12]

async function measure(ratings: Ratings, seed: number): Promise<void> {
  const scale = ratingScaleOf(ratings.rating)
  const likedFrom = likeThreshold(ratings.rating, scale)
  const { rows, cases } = drawInnerLikes(ratings, likedFrom, seed)!
  const asked = rankingSpecSchema.parse({ ...rankingSettings[0]!, priorRatings: 1 })
  const spec = resolvedRanking(asked)!
  const fits: Float64Array[] = []
  let start: RankingFactors['movieFactors'] | undefined
  for (const [i, stage] of stages.entries()) {
    // Going on from the movies is what more epochs would have done.
    const epochs = stage - (stages[i - 1] ?? 0)
    const task = { rows, seed, scale, likedFrom, ...(start && { start }) }
    const fit = await fitRanking({ ...task, spec: { ...spec, epochs } }, createPulse())
    start = fit.movieFactors
    fits.push(await ndcgOfCases(fit, cases))
  }
  for (const [i, gains] of fits.entries())
    tell(`seed ${seed}, ${stages[i]} epochs`, gains, fits.at(-1)!)

  // Of the users alone, given the movies of a fit by steps: solved, and as they come out of it.
  const task = { rows, seed, scale, likedFrom, spec: { ...spec, epochs: 8 } }
  const stepped = await fitRanking(task, createPulse(), ownThreads(), true)
  const once = { ...task, spec: { ...spec, epochs: 0 }, start: stepped.movieFactors }
  const solved = await fitRanking(once, createPulse())
  const of = [stepped, solved].map((fit) => ndcgOfCases(fit, cases))
  const [byStep, exact] = await Promise.all(of)
  tell(`seed ${seed}, users by steps instead of solved`, byStep!, exact!)
}

function tell(what: string, gains: Float64Array, than: Float64Array): void {
  const differences = gains.map((gain, user) => gain - than[user]!)
  const off = meanOf(differences)
  const variance = meanOf(differences.map((value) => (value - off) ** 2))
  const error = Math.sqrt(variance / differences.length)
  process.stdout.write(
    `${what}: ${meanOf(gains).toFixed(4)}, off by ${off.toFixed(4)} ± ${error.toFixed(4)}\n`,
  )
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const { values } = parseArgs({
  options: {
    ratings: { type: 'string' },
    generated: { type: 'string', default: '2000000' },
    seeds: { type: 'string', default: '1' },
  },
})
const total = Number(values.generated)
const shape = { users: Math.ceil(total / 154), movies: Math.ceil(total / 424) }
const { ratings } = values.ratings
  ? await readRatingsFile(values.ratings)
  : generateRatings({ ...shape, ratings: total, seed: 7 })
for (const seed of values.seeds.split(',').map(Number)) await measure(ratings, seed)
