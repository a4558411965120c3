import { dataOf, type Schemas } from '../../../clients/typescript/src/client.ts'
import { api } from './session.ts'

type Page = Schemas['TrainingJobList']
export type ListedJob = Page['items'][number]

/** As many as the API tells of at once. */
const most = 100

/** A page of jobs, newest first, in these states. */
export function loadJobs(query: {
  state?: ListedJob['state'][]
  n?: number
  cursor?: string
}): Promise<Page> {
  return dataOf(api.GET('/v1/training-jobs', { params: { query: { n: most, ...query } } }))
}

/** All that run, then as many of the newest others, page by page. */
export async function runningAndNewest(
  wanted: number,
): Promise<{ items: ListedJob[]; hasMore: boolean }> {
  const { items } = await loadJobs({ state: ['running'] })
  const running = new Set(items.map(({ id }) => id))
  for (let cursor: string | undefined; ; ) {
    const page = await loadJobs(cursor === undefined ? {} : { cursor })
    items.push(...page.items.filter(({ id }) => !running.has(id)))
    if (page.nextCursor === null) return { items, hasMore: false }
    if (items.length >= wanted) return { items, hasMore: true }
    cursor = page.nextCursor
  }
}
