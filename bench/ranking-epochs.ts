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
  for (const [i, gains] of fits.entries()) {
    const differences = gains.map((gain, user) => gain - fits.at(-1)![user]!)
    const off = meanOf(differences)
    const variance = meanOf(differences.map((value) => (value - off) ** 2))
    const error = Math.sqrt(variance / differences.length)
    process.stdout.write(
      `seed ${seed}, ${stages[i]} epochs: ${meanOf(gains).toFixed(4)}, off by ${off.toFixed(4)} ± ${error.toFixed(4)}\n`,
    )
  }
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
