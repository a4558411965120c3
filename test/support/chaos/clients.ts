import { setMaxListeners } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../../src/numeric/random/random.ts'
import type { Operation, Outcome, Rating } from './history.ts'

const raters = 6
const moviesOfRater = 30
const importedUsers = 4
/** Of so many ratings one is off the scale, to be refused. */
const offScaleEvery = 20
/** A client that has waited for so long goes on. */
const mostMs = 8_000

export const tinyTraining = {
  ...{ algorithm: 'dot-bias', factors: 2, epochs: 2, ranking: null, split: { valid: 0 } },
}

type Answer = { outcome: Outcome; body: Record<string, unknown> }

/** Asks; what was surely not done is `refused`. */
async function ask(base: string, target: string, body?: object | string): Promise<Answer> {
  const [method, path] = target.split(' ') as [string, string]
  const type = typeof body === 'string' ? 'text/csv' : 'application/json'
  const text = typeof body === 'object' ? JSON.stringify(body) : body
  try {
    const answer = await fetch(base + path, {
      method,
      signal: AbortSignal.timeout(mostMs),
      ...(text !== undefined && { body: text, headers: { 'content-type': type } }),
    })
    const said = await answer.text()
    const isRefused = answer.status >= 400 && answer.status < 500
    if (!answer.ok) return { outcome: isRefused ? 'refused' : 'unknown', body: {} }
    return { outcome: 'ok', body: said === '' ? {} : JSON.parse(said) }
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } }
    return { outcome: cause?.code === 'ECONNREFUSED' ? 'refused' : 'unknown', body: {} }
  }
}

export type Clients = {
  readonly operations: Operation[]
  /** Ends all of them; resolves when the last has had its answer. */
  stop(): Promise<void>
}

/** Clients that write down what they ask for and what they were told, until they are stopped. */
export function startClients(base: string, seed: number): Clients {
  const operations: Operation[] = []
  const stopping = new AbortController()
  setMaxListeners(0, stopping.signal)
  const isOver = () => stopping.signal.aborted
  const rest = (ms: number) => sleep(ms, undefined, { signal: stopping.signal }).catch(() => {})
  const done = async (
    kind: Operation['kind'],
    target: string,
    {
      body,
      idOf = () => undefined,
      ...more
    }: Pick<Operation, 'ratings' | 'user'> & {
      body?: object | string
      idOf?: (body: Answer['body']) => unknown
    } = {},
  ): Promise<Operation> => {
    const begun = Date.now()
    const { outcome, body: said } = await ask(base, target, body)
    const id = idOf(said)
    const operation = { kind, begun, ended: Date.now(), outcome, ...more }
    operations.push(typeof id === 'string' ? { ...operation, id } : operation)
    return operations.at(-1)!
  }

  const rate = async (rater: number) => {
    const random = createRandom(seed, `rater ${rater}`)
    // Before a scale is declared nothing is off it, and what was taken so is left out later.
    while (!isOver() && !operations.some(isGoodImport)) await rest(50)
    for (let i = 0; !isOver(); i++) {
      const user = `r${rater}`
      const movie = `m${random.below(moviesOfRater)}`
      const rating = i % offScaleEvery === 0 ? 99 : 0.5 + random.below(10) / 2
      const ratings = [{ user, movie, rating }]
      const target = `PUT /v1/users/${user}/ratings/${movie}`
      const { outcome } = await done('rate', target, { ratings, body: { rating } })
      await rest(outcome === 'ok' ? 5 : 100)
    }
  }
  const importFiles = async () => {
    const random = createRandom(seed, 'imports')
    for (let i = 0; !isOver(); i++) {
      const ratings = fileOf(i, 10 + random.below(200))
      const lines = ratings.map(({ user, movie, rating }) => `${user},${movie},${rating},1000`)
      const body = `userId,movieId,rating,timestamp\n${lines.join('\n')}\n`
      await done('import', 'POST /v1/ratings/import?ratingScale=0.5,5', {
        ratings,
        body,
        idOf: ({ segment }) => segment,
      })
      await rest(150)
    }
  }
  const erase = async () => {
    const erased = new Set<string>()
    while (!isOver()) {
      await rest(1_500)
      const known = operations.findLast(({ kind, outcome, ratings }) => {
        return kind === 'import' && outcome === 'ok' && !erased.has(ratings![0]!.user)
      })
      if (!known) continue
      const { user } = known.ratings![0]!
      erased.add(user)
      await done('erase', `DELETE /v1/users/${user}`, { user, idOf: ({ id }) => id })
    }
  }
  const train = async () => {
    for (let i = 0; !isOver(); i++) {
      const body = { ...tinyTraining, seed: i }
      const { id } = await done('train', 'POST /v1/training-jobs', { body, idOf: ({ id }) => id })
      for (let looks = 0; id !== undefined && !isOver() && looks < 40; looks++) {
        const { body: job } = await ask(base, `GET /v1/training-jobs/${id}`)
        if (job['state'] !== 'queued' && job['state'] !== 'running') break
        await rest(250)
      }
      await rest(200)
    }
  }
  const promote = async () => {
    const random = createRandom(seed, 'promotions')
    while (!isOver()) {
      await rest(700)
      if (random.below(3) === 0) {
        await done('rollback', 'POST /v1/models/rollback')
        continue
      }
      const { body } = await ask(base, 'GET /v1/models')
      const items = (body['items'] ?? []) as { version: string }[]
      const version = items[random.below(Math.max(1, items.length))]?.version
      if (version)
        await done('promote', `POST /v1/models/${version}/promote`, { idOf: () => version })
    }
  }
  const schedule = async () => {
    const target = '/v1/schedules/often'
    const training = { ...tinyTraining, seed: 77 }
    const body = { cron: '* * * * *', minNewRatings: 1, training }
    while (!isOver()) {
      const put = await done('schedule', `PUT ${target}`, { body })
      await rest(2_000)
      if (put.outcome === 'ok')
        await done('train', `POST ${target}/run`, { idOf: ({ job }) => job })
      await rest(2_000)
    }
  }
  const all = [
    ...Array.from({ length: raters }, (_, i) => rate(i)),
    ...[importFiles(), erase(), train(), promote(), schedule()],
  ]
  return {
    operations,
    async stop() {
      stopping.abort()
      await Promise.all(all)
    },
  }
}

function isGoodImport({ kind, outcome }: Operation): boolean {
  return kind === 'import' && outcome === 'ok'
}

/** Ratings of users that no other file has. */
function fileOf(number: number, rows: number): Rating[] {
  return Array.from({ length: rows }, (_, row) => ({
    user: `i${number}-${row % importedUsers}`,
    movie: `m${Math.floor(row / importedUsers)}`,
    rating: 1 + (row % 5),
  }))
}
