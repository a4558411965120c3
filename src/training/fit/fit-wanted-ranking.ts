import type { Vocabulary } from '../../model/data/vocabulary.ts'
import type { Model } from '../../model/model.ts'
import { mostSolvedRatings, type ResolvedRankingSpec } from '../../model/spec/ranking-spec.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { ownThreads } from '../../numeric/parallel/own-threads.ts'
import { ranking as rankingWork, sizesOf } from '../progress/work.ts'
import type { StepPulse } from '../pulse.ts'
import type { TrainingData } from '../splitting/training-data.ts'

/** Of a ranking's epochs, those that are enough where the movies have been fitted before. */
export const shareGoingOn = 1 / 3

/**
 * Fits the ranking of a spec, where one is wanted, after a search for what is "auto" in it; going on
 * from the movies of `first`, where there is one with as many factors. Then `share` of the epochs are
 * run.
 */
export async function fitWantedRanking(
  { ranking: spec, seed }: TrainingSpec,
  data: TrainingData,
  first: Model | undefined,
  pulse: StepPulse,
  share = 1,
  mostSolved = mostSolvedRatings,
): Promise<{
  ranking: Model['ranking']
  rankingSpec: ResolvedRankingSpec | null
  rankingSeconds: number | null
}> {
  if (!spec) return { ranking: null, rankingSpec: null, rankingSeconds: null }
  const { resolveRanking } = await import('../ranking/resolve-ranking.ts')
  const { fitRanking } = await import('../ranking/fit-ranking.ts')
  const begin = performance.now()
  const { train: rows, scale, likedFrom } = data
  const task = { rows, seed, scale, likedFrom }
  const rankingSpec = await resolveRanking({ ...task, spec }, pulse.step('settings'))
  const known = first && movieFactorsOf(first, rows.movies)
  const start = known?.columns === rankingSpec.factors ? known : null
  const epochs = start ? Math.ceil(share * rankingSpec.epochs) : rankingSpec.epochs
  const fitting = pulse.step('factors', {
    units: rankingWork({ ...sizesOf(rows), test: besides(data) }, rankingSpec, epochs),
    count: { unit: 'sweeps', total: epochs },
  })
  const ranking = await fitRanking(
    { ...task, spec: { ...rankingSpec, epochs }, ...(start && { start }) },
    fitting,
    ownThreads(),
    rows.rating.length + besides(data) > mostSolved,
  )
  return { ranking, rankingSpec, rankingSeconds: (performance.now() - begin) / 1_000 }
}

/**
 * The rows of a training besides those that are fitted. By all of them epochs solve or take steps, so
 * that what is measured is fitted as what serves.
 */
function besides({ inner, heldOut }: TrainingData): number {
  return (inner?.rating.length ?? 0) + (heldOut?.rating.length ?? 0)
}

/** The ranking's factors of movies of a model in other indices; zeros for those it does not know. */
function movieFactorsOf({ ranking, movies }: Model, wanted: Vocabulary): Matrix | null {
  if (!ranking) return null
  const { columns, data } = ranking.movieFactors
  const factors = new Float32Array(wanted.size * columns)
  for (let movie = 0; movie < wanted.size; movie++) {
    const known = movies.indexOf(wanted.idOf(movie))
    if (known >= 0)
      factors.set(data.subarray(known * columns, (known + 1) * columns), movie * columns)
  }
  return { rows: wanted.size, columns, data: factors }
}
