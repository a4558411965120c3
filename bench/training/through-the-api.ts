import { createReadStream, readFileSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createApi } from '../../src/cli/demo/api.ts'
import { createProcesses, freePorts } from '../../src/cli/demo/processes.ts'
import { descendantsOf } from '../../test/support/marquee.ts'
import { sizeSpecs } from './training-size.ts'

export type ApiFigures = {
  readonly importSeconds: number
  /** From asking for the job to its end. */
  readonly jobSeconds: number
  /** From the job's end until the server answers from its model. */
  readonly swapSeconds: number
  readonly servePeakMib: number
  /** Of the worker and its training, the larger one. */
  readonly workPeakMib: number
  readonly predictionMs: number
  readonly recommendationsMs: number
}

const marquee = new URL('../../bin/marquee', import.meta.url).pathname
const requests = 50

/** A ratings.csv through serve, work and Redis, each a process: imported, trained on, served. */
export async function measureThroughApi(csv: string, folder: string): Promise<ApiFigures> {
  const processes = createProcesses()
  try {
    const [redisPort = 0, port = 0] = await freePorts(2)
    processes.start('redis-server', 'redis-server', ['--port', `${redisPort}`, '--save', ''])
    const environment = {
      PORT: `${port}`,
      REDIS_URL: `redis://127.0.0.1:${redisPort}`,
      MARQUEE_STORE: await mkdtemp(join(folder, 'store-')),
      MARQUEE_API_KEYS: '',
      LOG_LEVEL: 'warn',
    }
    const [serve, work] = ['serve', 'work'].map((command) =>
      processes.start(`marquee ${command}`, marquee, [command], environment),
    )
    return await Promise.race([
      run(`http://127.0.0.1:${port}`, csv, [serve!.pid!, work!.pid!]),
      processes.failure,
    ])
  } finally {
    await processes.stop()
  }
}

async function run(base: string, csv: string, [serve, work]: [number, number]) {
  const api = createApi(base)
  await api.waitFor('/health/live')
  const importSeconds = await secondsOf(() => upload(`${base}/v1/ratings/import`, csv))
  let workPeakMib = 0
  const watch = setInterval(() => {
    workPeakMib = Math.max(workPeakMib, peakMib(work))
  }, 100)
  const jobSeconds = await secondsOf(async () => {
    const { id } = await api.post<{ id: string }>('/v1/training-jobs', sizeSpecs['no ranking'])
    for await (const _ of api.events(`/v1/training-jobs/${id}/events`));
    const { state } = await api.get<{ state: string }>(`/v1/training-jobs/${id}`)
    if (state !== 'completed') throw new Error(`The training job is ${state}.`)
  })
  clearInterval(watch)
  const swapSeconds = await secondsOf(() => api.waitFor('/health/ready'))
  return {
    importSeconds,
    jobSeconds,
    swapSeconds,
    workPeakMib,
    predictionMs: await medianMs((user) => api.get(`/v1/users/${user}/predictions/1`)),
    recommendationsMs: await medianMs((user) => api.get(`/v1/users/${user}/recommendations?n=10`)),
    servePeakMib: peakMib(serve),
  }
}

async function upload(url: string, csv: string): Promise<void> {
  const body = Readable.toWeb(createReadStream(csv, { highWaterMark: 1 << 20 })) as ReadableStream
  const headers = { 'content-type': 'application/octet-stream' }
  const response = await fetch(url, {
    method: 'POST',
    headers,
    body,
    duplex: 'half',
  } as RequestInit)
  if (!response.ok) throw new Error(`The import was answered ${await response.text()}`)
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const begin = performance.now()
  await work()
  return (performance.now() - begin) / 1_000
}

async function medianMs(ask: (user: number) => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let user = 1; user <= requests; user++) {
    times.push((await secondsOf(async () => void (await ask(user)))) * 1_000)
    await sleep(1)
  }
  return times.sort((a, b) => a - b)[requests / 2]!
}

/** The most memory that a process or any below it ever had, as Linux tells. */
function peakMib(pid: number): number {
  const peaks = [pid, ...descendantsOf(pid)].map((each) => {
    try {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  })
  return Math.max(...peaks) / 1_024
}
