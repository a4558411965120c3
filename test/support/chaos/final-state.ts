import { setTimeout as sleep } from 'node:timers/promises'
import { checkStore } from '../../../src/storage/integrity/check-store.ts'
import { inFolder } from '../../../src/storage/open-store.ts'
import type { Service } from './cluster.ts'
import type { FinalState, Operation, Rating } from './history.ts'

/** Once all is whole, so long may pass without anything getting on. */
const mostMs = 90_000

type Json = Record<string, unknown>

/**
 * Waits until nothing is under way, reads what there is, stops the service and looks what is left of
 * it; the service does not run afterwards.
 */
export async function finalStateOf(
  service: Service,
  operations: readonly Operation[],
): Promise<FinalState> {
  const stuck: string[] = []
  const get = async (path: string): Promise<Response | null> =>
    fetch(service.base + path, { signal: AbortSignal.timeout(10_000) }).catch(() => null)
  const json = async (path: string): Promise<Json | null> => {
    const answer = await get(path)
    return answer?.ok ? ((await answer.json()) as Json) : null
  }
  /** Other than before as long as any job gets on. */
  const jobsNow = async () => JSON.stringify((await json('/v1/training-jobs?n=100'))?.['items'])
  const until = async (what: string, isSo: () => Promise<boolean>) => {
    let end = Date.now() + mostMs
    const last = Date.now() + 10 * mostMs
    let before = ''
    while (!(await isSo())) {
      if (Date.now() > end) {
        const now = await jobsNow()
        if (now === before || Date.now() > last) return void stuck.push(what)
        before = now
        end = Date.now() + mostMs
      }
      await sleep(200)
    }
  }
  const idsOf = (kind: Operation['kind']) =>
    operations.flatMap((one) => (one.kind === kind && one.id ? [one.id] : []))

  await until('ready', async () => (await get('/health/ready?for=training'))?.ok === true)
  const schedule = await json('/v1/schedules/often')
  const runs = schedule?.['runs'] as { by: string; dueAt: string }[] | undefined
  const ticks = runs?.filter(({ by }) => by === 'schedule').map(({ dueAt }) => dueAt) ?? null
  await fetch(`${service.base}/v1/schedules/often`, { method: 'DELETE' }).catch(() => null)
  const jobs: { id: string; state: string | null; detail: string }[] = []
  for (const id of new Set(idsOf('train'))) {
    let job: Json | null = null
    await until(`job ${id}`, async () => {
      const answer = await get(`/v1/training-jobs/${id}`)
      job = answer?.ok ? ((await answer.json()) as Json) : null
      return answer?.status === 404 || /completed|failed|cancelled/.test(String(job?.['state']))
    })
    const { state = null, failure = null } = (job ?? {}) as { state?: string; failure?: object }
    jobs.push({ id, state, detail: JSON.stringify(failure) })
  }
  const erasures: { id: string; isFinished: boolean }[] = []
  for (const id of idsOf('erase')) {
    let receipt: Json | null = null
    await until(`erasure ${id}`, async () => {
      receipt = await json(`/v1/erasures/${id}`)
      return typeof receipt?.['finishedAt'] === 'string'
    })
    if (receipt) erasures.push({ id, isFinished: typeof receipt['finishedAt'] === 'string' })
  }
  // The schedule may have started one more.
  await until('no job is under way', async () => {
    const list = (await json('/v1/training-jobs?n=100'))?.['items'] as Json[] | undefined
    return list?.every(({ state }) => state !== 'queued' && state !== 'running') === true
  })
  const imports: string[] = []
  for (let cursor: unknown = ''; cursor !== null; ) {
    const page = await json(`/v1/imports?n=100${cursor === '' ? '' : `&cursor=${cursor}`}`)
    for (const { id } of (page?.['items'] ?? []) as { id: string }[]) imports.push(id)
    cursor = page?.['nextCursor'] ?? null
  }
  const csv = await (await get('/v1/ratings/export'))?.text()
  const models = await servedAsPointed(json)
  const killed = await service.stop()
  for (const name of killed) stuck.push(`${name} does not stop`)
  // Those that watch their parent look once a second.
  for (let looks = 0; looks < 50 && service.strays().length > 0; looks++) await sleep(100)
  const strays = service.strays()
  const leftOver: string[] = []
  // A start sweeps what is unfinished; that is looked at by itself.
  for await (const { kind, key, what } of checkStore(inFolder(service.store), service.uploads))
    if (kind !== 'unfinished') leftOver.push(`${kind} ${key}: ${what}`)
  return {
    ...{ ratings: ratingsOf(csv ?? ''), imports, erasures, jobs, ticks, strays, leftOver, stuck },
    models: ((models?.['items'] ?? []) as { version: string; jobId: string | null }[]).map(
      ({ version, jobId }) => ({ version, jobId }),
    ),
    serving: (models?.['serving'] ?? null) as string | null,
    served: ((models?.['history'] ?? []) as { version: string }[]).map(({ version }) => version),
  }
}

/** The models once what is to serve does, or as they are if that does not come about. */
async function servedAsPointed(json: (path: string) => Promise<Json | null>): Promise<Json | null> {
  for (let looks = 0; ; looks++) {
    const models = await json('/v1/models')
    const [newest] = (models?.['history'] ?? []) as { version: string }[]
    if (models?.['serving'] === newest?.version || looks > 100) return models
    await sleep(100)
  }
}

function ratingsOf(csv: string): Rating[] {
  return csv
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [user = '', movie = '', rating] = line.split(',')
      return { user, movie, rating: Number(rating) }
    })
}
