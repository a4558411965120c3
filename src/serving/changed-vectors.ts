import { foldInOperations } from '../model/fold-in/fold-in-model.ts'
import { rankingFoldInOperations } from '../model/fold-in/ranking-fold-in.ts'
import type { ChangedVectors } from './live/changed-users.ts'
import type { LiveUser } from './live/own-ratings.ts'
import type { Snapshot } from './snapshot.ts'

/** Folds a user in, in the space of the ratings and in that of the ranking; at once what is short. */
export function vectorsOf(
  { foldIn, rankingFoldIn, ranker, tasks }: Snapshot,
  { userIndex, before, now }: LiveUser,
): ChangedVectors | Promise<ChangedVectors> {
  const user = { userIndex, before, now }
  const trained = userIndex < 0 ? null : (ranker?.vectorOf(userIndex) ?? null)
  const [n, m] = [now.rating.length, before.rating.length]
  const x = tasks.run(
    'foldInChange',
    foldInOperations(foldIn, n) + foldInOperations(foldIn, m),
    foldIn,
    user,
  )
  // Where what follows throws at once, nobody waits for it any more.
  if (x instanceof Promise) x.catch(() => {})
  const ranking = rankingFoldIn
    ? tasks.run(
        'foldChangeIntoRanking',
        rankingFoldInOperations(rankingFoldIn, n) + rankingFoldInOperations(rankingFoldIn, m),
        ...([rankingFoldIn, trained, user] as const),
      )
    : null
  if (!(x instanceof Promise || ranking instanceof Promise)) return { x, ranking }
  return Promise.all([x, ranking]).then(([x, ranking]) => ({ x, ranking }))
}
