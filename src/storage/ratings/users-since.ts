import type { ModelCard } from '../../model/card.ts'
import { headerOf } from '../imports/stored-imports.ts'
import type { ObjectStore } from '../object-store.ts'
import { withinMarks } from '../segments/live-marks.ts'
import { liveRangeOf, segmentKey, segmentNames } from '../segments/segment-names.ts'

/** How many users the ratings are of that the data of a model lack, at most: one may be in several. */
export async function usersSince(
  store: ObjectStore,
  { live = [], newestImport = '' }: Pick<ModelCard['data'], 'live' | 'newestImport'>,
): Promise<number> {
  let users = 0
  for (const name of await segmentNames(store, 'ratings')) {
    const range = liveRangeOf(name)
    if (range ? withinMarks(range, live) === 'all' : name <= (newestImport ?? '')) continue
    const header = await headerOf(store, segmentKey('ratings', name))
    users += (header?.shapes.get('user_ids.offsets')?.[0] ?? 1) - 1
  }
  return users
}
