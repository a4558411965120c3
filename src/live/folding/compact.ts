import { mergeLiveSegments } from '../../storage/ratings/told/merge-live.ts'
import type { LiveMark } from '../../storage/segments/live-marks.ts'
import { exclusively } from './exclusively.ts'
import { type FoldOptions, foldLive } from './fold.ts'

/**
 * Folds the events that are in the stream now, gives up to where the segments go, and puts small
 * segments together, unless somebody else is rewriting some: the next one does.
 */
export async function compactLive(options: FoldOptions): Promise<LiveMark[]> {
  const { redis, keys, store } = options
  const marks = await foldLive(options)
  await exclusively(redis, keys, () => mergeLiveSegments(store), { isOptional: true })
  return marks
}
