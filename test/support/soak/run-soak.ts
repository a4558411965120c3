import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { createRandom } from '../../../src/numeric/random/random.ts'
import { startService } from '../chaos/cluster.ts'
import { measure, type Sample } from './measure.ts'
import { type Slope, slopeOf } from './slopes.ts'

export type SoakOptions = {
  readonly minutes: number
  readonly seed: number
  readonly sampleMs?: number
  /** What runs Marquee; `bin/marquee` unless told. */
  readonly command?: readonly string[]
  readonly log?: (line: string) => void
}
export type SoakReport = {
  readonly minutes: number
  /** By kind, how many were answered well, and how many not. */
  readonly asked: Readonly<Record<string, { good: number; bad: number }>>
  /** By what was measured: the median, and its growth an hour after the first fifth of the run. */
  readonly slopes: Readonly<Record<string, Slope & { median: number }>>
}

const users = 200
const movies = 300
/** Of the run, before which caches fill and code is compiled. */
const warmUp = 0.2

/** A service under a steady load of reads, live ratings, erasures and retrains, and what grows of it. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const { minutes, seed, sampleMs = 5_000, log = () => {} } = options
  const service = await startService({ ...options, liveEvents: 1_000 })
  const redis = new Redis(service.redis.url)
  const random = createRandom(seed, 'soak')
  const asked: Record<string, { good: number; bad: number }> = {}
  const call = async (kind: string, method: string, path: string, body?: object | string) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json'
    const text = typeof body === 'object' ? JSON.stringify(body) : body
    const answer = await fetch(service.base + path, {
      method,
      ...(text !== undefined && { body: text, headers: { 'content-type': type } }),
    }).catch(() => null)
    asked[kind] ??= { good: 0, bad: 0 }
    asked[kind][answer?.ok ? 'good' : 'bad'] += 1
    return answer?.ok && answer.status !== 204 ? answer.json() : null
  }
  const samples: { at: number; sample: Sample }[] = []
  try {
    for (let isUp = false; !isUp; await sleep(50))
      isUp = await fetch(`${service.base}/health/live`)
        .then(({ ok }) => ok)
        .catch(() => false)
    await call('import', 'POST', '/v1/ratings/import', baseFile())
    await retrain(0, call)
    const begin = Date.now()
    const end = begin + 60_000 * minutes
    const again = async (everyMs: number, act: (i: number) => Promise<unknown>) => {
      for (let i = 0; Date.now() < end; i++) {
        await act(i)
        await sleep(Math.min(everyMs, Math.max(0, end - Date.now())))
      }
    }
    const user = () => `u${random.below(users)}`
    await Promise.all([
      again(15, () =>
        call('read', 'GET', `/v1/users/${user()}/recommendations?n=${1 + random.below(50)}`),
      ),
      again(20, () =>
        call('rate', 'PUT', `/v1/users/${user()}/ratings/m${random.below(movies)}`, {
          rating: 1 + random.below(5),
        }),
      ),
      again(15_000, async (i) => {
        const path = `/v1/users/passing-${i}`
        await call('rate', 'PUT', `${path}/ratings/m1`, { rating: 4 })
        await call('erase', 'DELETE', path)
      }),
      again(2_000, (i) => retrain(i + 1, call)),
      again(sampleMs, async (i) => {
        const sample = await measure(service, redis)
        samples.push({ at: (Date.now() - begin) / 3_600_000, sample })
        if (i % 12 === 0) log(JSON.stringify(sample))
      }),
    ])
    return { minutes, asked, slopes: slopesOf(samples) }
  } finally {
    redis.disconnect()
    await service.stop()
    await service.remove()
  }
}

type Call = (kind: string, method: string, path: string, body?: object) => Promise<unknown>

/** Trains on all there is, and waits for the end. */
async function retrain(seed: number, call: Call): Promise<void> {
  const spec = { algorithm: 'dot-bias', factors: 8, epochs: 3, ranking: null, seed }
  const job = (await call('train', 'POST', '/v1/training-jobs', spec)) as { id: string } | null
  for (let looks = 0; job !== null && looks < 200; looks++) {
    const { state } = ((await call('look', 'GET', `/v1/training-jobs/${job.id}`)) ?? {}) as {
      state?: string
    }
    if (state !== 'queued' && state !== 'running') return
    await sleep(300)
  }
}

function slopesOf(samples: readonly { at: number; sample: Sample }[]): SoakReport['slopes'] {
  const late = samples.slice(Math.floor(warmUp * samples.length))
  const times = late.map(({ at }) => at)
  return Object.fromEntries(
    Object.keys(late[0]!.sample).map((name) => {
      const values = late.map(({ sample }) => sample[name]!)
      const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
      return [name, { median, ...slopeOf(times, values) }]
    }),
  )
}

function baseFile(): string {
  const lines = ['userId,movieId,rating,timestamp']
  for (let user = 0; user < users; user++)
    for (let movie = user % 3; movie < movies; movie += 3)
      lines.push(`u${user},m${movie},${1 + ((user + movie) % 5)},1000`)
  return `${lines.join('\n')}\n`
}
