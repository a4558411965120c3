import { reasonsFor } from '../explain/explain.ts'
import type { Profile } from '../profile.ts'
import type { Snapshot } from '../snapshot.ts'
import { type Recommendations, type RecommendOptions, recommend } from './recommend.ts'

const maxReasons = 3

type Reasons = Awaited<ReturnType<typeof reasonsFor>>[number]
export type ExplainedList = Omit<Recommendations, 'items'> & {
  /** Of the ratings those that speak most for it, where that was asked for. */
  items: (Recommendations['items'][number] & { because?: Reasons })[]
}

/** A list as `recommend` gives it, at once; with `explain` the reasons for each of its movies, too. */
export function explainedList(
  snapshot: Snapshot,
  profile: Profile,
  wanted: RecommendOptions & { explain?: boolean },
  at?: string,
): ExplainedList | Promise<ExplainedList> {
  const list = recommend(snapshot, profile, wanted, at)
  return wanted.explain ? withReasons(snapshot, profile, list) : list
}

async function withReasons(
  snapshot: Snapshot,
  profile: Profile,
  list: Recommendations,
): Promise<ExplainedList> {
  const movieIds = list.items.map(({ movieId }) => movieId)
  const question = { n: maxReasons, of: list.orderBy }
  const reasons = await reasonsFor(snapshot, profile, movieIds, question)
  return { ...list, items: list.items.map((item, i) => ({ ...item, because: reasons[i] ?? [] })) }
}
