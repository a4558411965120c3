import { MarqueeError } from '../../errors.ts'
import {
  priorRatings,
  type RankingSetting,
  type RankingSpec,
  type ResolvedRankingSpec,
  rankingEpochs,
  rankingSettings,
} from '../../model/spec/ranking-spec.ts'
import { ownThreads } from '../../numeric/parallel/own-threads.ts'
import { type Pulse, partOf } from '../pulse.ts'
import { bestOf } from './best-of.ts'
import { choosePriorRatings } from './choose-prior-ratings.ts'
import { openRankingFits, type RankingFits } from './fit-ranking.ts'
import { drawInnerLikes, type InnerLikes, ndcgOfCases, rowsOfSomeUsers } from './inner-likes.ts'
import type { RankingTask } from './ranking-memory.ts'

/** What settings are compared with: their order is that of whole trainings, at a tenth of the cost. */
const trialFactors = 32
const trialEpochs = 3
/**
 * Of more ratings, so many are searched on, of users drawn by the seed: a search on a fifth of the
 * users mostly chooses what one on all of them does.
 */
const mostRatings = 1_000_000

type Unresolved = Omit<RankingTask, 'spec'> & { readonly spec: RankingSpec }

/**
 * The spec with its numbers known. What is "auto" is chosen among `rankingSettings` by the NDCG@10
 * of short fits on likes of the training rows that are set apart: the best one, if it beats the
 * first by more than the standard error of the difference over the users; the first one where there
 * are too few likes. It depends on the rows and the seed alone.
 */
export async function resolveRanking(
  task: Unresolved,
  pulse: Pulse,
  threads = ownThreads(),
): Promise<ResolvedRankingSpec> {
  const settings = settingsFor(task.spec)
  const [first] = settings
  const { rows, likedFrom, seed } = task
  const spec = { ...task.spec, epochs: rankingEpochs(task.spec, rows.rating.length) }
  const given = spec.priorRatings
  const inner =
    settings.length > 1 || given === 'auto'
      ? drawInnerLikes(rowsOfSomeUsers(rows, mostRatings, seed), likedFrom, seed)
      : null
  if (!inner)
    return { ...spec, ...first!, priorRatings: given === 'auto' ? priorRatings[0]! : given }
  const search = partOf(pulse, 0, shareOfSettings)
  const best = await bestSetting(task, settings, inner, search, threads)
  const chosen = { ...task, spec: trialOf(spec, best) }
  const prior = partOf(pulse, shareOfSettings, 1)
  return {
    ...{ ...spec, ...best },
    priorRatings:
      given === 'auto' ? await choosePriorRatings(chosen, inner, prior, threads) : given,
  }
}

/** What is left of the progress is for the prior. */
const shareOfSettings = 0.85

async function bestSetting(
  task: Unresolved,
  settings: readonly RankingSetting[],
  inner: InnerLikes,
  pulse: Pulse,
  threads: number,
): Promise<RankingSetting> {
  const [first] = settings
  if (settings.length === 1) return first!
  const specs = settings.map((setting) => trialOf(task.spec, setting))
  const largest = specs.reduce((most, spec) => (spec.factors > most.factors ? spec : most))
  const fits = await openRankingFits({ ...task, rows: inner.rows, spec: largest }, threads)
  const gains: (Float64Array | null)[] = []
  try {
    for (const [i, spec] of specs.entries()) {
      const part = partOf(pulse, i / settings.length, (i + 1) / settings.length)
      await part.beat(0)
      gains.push(await tryOut(fits, spec, inner, part))
    }
  } finally {
    fits.close()
  }
  return settings[bestOf(gains)]!
}

/** The settings that agree with what is given, each once, the one to prefer first. */
function settingsFor({ factors, unobservedWeight, regularization }: RankingSpec): RankingSetting[] {
  const settings = rankingSettings.map((setting) => ({
    factors: factors === 'auto' ? setting.factors : factors,
    unobservedWeight: unobservedWeight === 'auto' ? setting.unobservedWeight : unobservedWeight,
    regularization: regularization === 'auto' ? setting.regularization : regularization,
  }))
  return [...new Map(settings.map((setting) => [JSON.stringify(setting), setting])).values()]
}

/** The NDCG of each user; null where the setting cannot be solved. */
async function tryOut(
  fits: RankingFits,
  spec: ResolvedRankingSpec,
  inner: InnerLikes,
  pulse: Pulse,
): Promise<Float64Array | null> {
  try {
    return await ndcgOfCases(await fits.fit(spec, pulse), inner.cases)
  } catch (err) {
    if (err instanceof MarqueeError && err.code === 'diverged') return null
    throw err
  }
}

function trialOf(spec: RankingSpec, setting: RankingSetting): ResolvedRankingSpec {
  return {
    ...{ ...spec, ...setting },
    factors: Math.min(trialFactors, setting.factors),
    epochs: spec.epochs === 'auto' ? trialEpochs : Math.min(trialEpochs, spec.epochs),
    priorRatings: priorRatings[0]!,
  }
}
