import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelCard } from '../../src/model/card.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { importRatings } from '../../src/storage/ratings/import-ratings.ts'
import { loadRatings } from '../../src/storage/ratings/load-ratings.ts'
import { startMarquee } from './marquee.ts'
import { freePort, startRedis } from './redis.ts'

const writers = 64
/** Of so many ratings one is off the scale, to be refused. */
const offScaleEvery = 50

export type ChaosOptions = {
  readonly ratings: number
  readonly kills: number
  readonly seed: number
  readonly log?: (line: string) => void
}

export type ChaosOutcome = {
  readonly acknowledged: number
  /** Neither acknowledged nor refused: they may be in the data or not. */
  readonly uncertain: number
  /** Acknowledged, and not in the next training's data as they were told. */
  readonly lost: string[]
  /** In the data, though refused or never told. */
  readonly phantom: string[]
  readonly killed: readonly string[]
  /** The ratings of the card, and those that its data are made of, of which no pair is there twice. */
  readonly ofCard: number
  readonly ofData: number
  readonly seconds: number
}

/**
 * Writes ratings at full speed, each of another user and movie, while trainings fold them, and kills
 * `serve`, `work` and Redis (append-only) at random moments; then compares what was acknowledged
 * with the data of the next training.
 */
export async function runChaos({ ratings, kills, seed, log }: ChaosOptions): Promise<ChaosOutcome> {
  const begin = performance.now()
  const folder = await mkdtemp(join(tmpdir(), 'marquee-chaos-'))
  const store = createFileStore(folder)
  const redis = await startRedis()
  const port = await freePort()
  const env = {
    ...{ PORT: `${port}`, HOST: '127.0.0.1', REDIS_URL: redis.url, MARQUEE_STORE: folder },
    ...{ MARQUEE_QUEUE_PREFIX: `chaos-${randomBytes(4).toString('hex')}`, MARQUEE_API_KEYS: '' },
    ...{ MARQUEE_LIVE_EVENTS: `${Math.ceil(ratings / 20)}`, MARQUEE_JOB_LOCK_MS: '3000' },
    ...{ LOG_LEVEL: 'warn', MARQUEE_JOB_ATTEMPTS: '10' },
  }
  const start = (command: 'serve' | 'work') => startMarquee([command], env)
  const running = { serve: start('serve'), work: start('work') }
  const call = (path: string, method = 'GET', body?: object) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
  const isUp = () =>
    call('/health/live')
      .then(({ ok }) => ok)
      .catch(() => false)
  const up = async () => {
    while (!(await isUp())) await sleep(50)
  }

  const random = createRandom(seed, 'chaos')
  const acknowledged = new Map<string, number>()
  const uncertain = new Map<string, number>()
  const killed: string[] = []
  let next = 0
  let isOver = false

  const write = async () => {
    for (let i = next++; i < ratings; i = next++) {
      const rating = i % offScaleEvery === 0 ? 99 : 1 + (i % 9) / 2
      const [userId, movieId] = [`u${i % 997}`, `m${Math.floor(i / 997)}`]
      for (;;) {
        const status = await call(`/v1/users/${userId}/ratings/${movieId}`, 'PUT', { rating })
          .then((answer) => answer.arrayBuffer().then(() => answer.status))
          .catch((error: Error) => (isRefusedConnection(error) ? 'unsent' : 'cut'))
        if (status === 'unsent') await sleep(30)
        else {
          if (status === 200) acknowledged.set(`${userId} ${movieId}`, rating)
          else if (status !== 400) uncertain.set(`${userId} ${movieId}`, rating)
          if (status !== 200 && status !== 400) await sleep(30)
          break
        }
      }
    }
  }
  const train = async (): Promise<string | null> => {
    const spec = {
      algorithm: 'dot-bias',
      factors: 2,
      epochs: 1,
      ranking: null,
      split: { valid: 0 },
    }
    const answer = await call('/v1/training-jobs', 'POST', spec).catch(() => null)
    const body = (await answer?.json().catch(() => null)) as { id?: string; jobId?: string } | null
    return body?.id ?? body?.jobId ?? null
  }
  /** The job once it has ended; null where that was not waited for. */
  const ended = async (id: string, isAwaited: () => boolean): Promise<Job | null> => {
    while (isAwaited()) {
      const answer = await call(`/v1/training-jobs/${id}`).catch(() => null)
      const job = answer?.ok ? ((await answer.json()) as Job) : null
      if (job && job.state !== 'queued' && job.state !== 'running') return job
      await sleep(100)
    }
    return null
  }
  const trainOn = async () => {
    while (!isOver) {
      const id = await train()
      if (id !== null) await ended(id, () => !isOver)
      else await sleep(100)
    }
  }
  /** The card of a model whose training began after the last rating. */
  const lastCard = async (): Promise<ModelCard> => {
    for (let round = 0; ; ) {
      const id = await train()
      const job = id === null ? null : await ended(id, () => true)
      if (job === null) continue
      // The first may be one that was under way.
      round += 1
      log?.(`training ${round}: ${job.state}`)
      if (round === 1) continue
      if (job.model !== null)
        return (await (await call(`/v1/models/${job.model}`)).json()) as ModelCard
      if (round > 5) throw new Error(`The training ${job.state}.`)
    }
  }
  const kill = async () => {
    for (let k = 1; k <= kills; k++) {
      const moment = (ratings * (k - 0.2 - 0.6 * random.uniform())) / kills
      while (next < moment) await sleep(5)
      const victim = (['serve', 'work', 'redis'] as const)[k % 3]!
      killed.push(victim)
      log?.(`${victim} is killed after ${next} ratings`)
      if (victim === 'redis') {
        await redis.kill()
        await sleep(200 * random.uniform())
        await redis.restart()
      } else {
        running[victim].kill('SIGKILL')
        await running[victim].ended
        running[victim] = start(victim)
      }
      if (victim === 'serve') await up()
    }
  }

  try {
    await importRatings(store, Readable.from([Buffer.from(baseCsv(), 'utf8')]), { scale: [0.5, 5] })
    await up()
    const training = trainOn()
    await Promise.all([kill(), ...Array.from({ length: writers }, write)])
    isOver = true
    await training
    log?.(`${acknowledged.size} acknowledged, ${uncertain.size} uncertain`)
    const card = await lastCard()
    const data = await loadRatings(store, card.data.live)
    const found = pairsOf(data.ratings)
    return {
      acknowledged: acknowledged.size,
      uncertain: uncertain.size,
      lost: [...acknowledged].filter(([pair, rating]) => found.get(pair) !== rating).map(first),
      phantom: [...found].filter(([pair, rating]) => !isTold(pair, rating)).map(first),
      killed,
      ofCard: card.data.ratings,
      ofData: data.ratings.rating.length,
      seconds: (performance.now() - begin) / 1_000,
    }
  } finally {
    isOver = true
    for (const { kill, ended } of Object.values(running)) {
      kill('SIGKILL')
      await ended
    }
    await redis.stop()
    await rm(folder, { recursive: true, force: true })
  }

  function isTold(pair: string, rating: number): boolean {
    if (pair.startsWith('base')) return true
    return (acknowledged.get(pair) ?? uncertain.get(pair)) === rating
  }
}

type Job = { readonly state: string; readonly model: string | null }

const first = ([pair]: [string, unknown]) => pair

function baseCsv(): string {
  const lines = ['userId,movieId,rating,timestamp']
  for (let user = 0; user < 20; user++)
    for (let movie = 0; movie < 10; movie++)
      lines.push(`base${user},m${movie},${1 + ((user + movie) % 4)},1000`)
  return `${lines.join('\n')}\n`
}

function pairsOf(ratings: Awaited<ReturnType<typeof loadRatings>>['ratings']): Map<string, number> {
  const pairs = new Map<string, number>()
  for (let row = 0; row < ratings.rating.length; row++) {
    const user = ratings.users.idOf(ratings.userIndex[row]!)
    const movie = ratings.movies.idOf(ratings.movieIndex[row]!)
    pairs.set(`${user} ${movie}`, ratings.rating[row]!)
  }
  return pairs
}

function isRefusedConnection(error: Error): boolean {
  return (error.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED'
}
