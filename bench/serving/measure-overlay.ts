import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from './load.ts'
import { modelOf } from './make-stores.ts'
import { type Started, startDurableRedis, startServe } from './processes.ts'

const ofOneUser = 1_000
const usersAsked = 10
const linesAtOnce = 10_000

export type OverlayFigures = {
  /** Megabytes that `serve` holds: without live ratings, with all of them, and started anew. */
  readonly rss: { readonly without: number; readonly fed: number; readonly anew: number }
  /** From the start of a process until it answers, and until it has the last live rating. */
  readonly seconds: { readonly live: number; readonly caughtUp: number }
  /** Lists made anew a second: of users without live ratings, and with a thousand each. */
  readonly lists: readonly { readonly without: number; readonly with: number }[]
}

type Rating = { userId: string; movieId: string; rating: number; timestamp: number }

/**
 * Many live ratings in the overlay of one process that remembers no answer: ten users of the model
 * have a thousand each, the rest are spread over twenty thousand users that the model does not know.
 */
export async function measureOverlay(
  cli: string,
  store: string,
  total: number,
  { turns, seconds }: { turns: number; seconds: number },
): Promise<OverlayFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'marquee-overlay-'))
  const redis = await startDurableRedis(folder)
  let server = await startServe(cli, store, redis, { memoryBytes: 0 })
  try {
    const { users, movies } = await modelOf(store)
    const every = Math.floor(users.size / (2 * usersAsked))
    const chosen = Array.from({ length: 2 * usersAsked }, (_, i) => users.ids[i * every]!)
    const told = chosen.filter((_, i) => i % 2 === 0)
    const untold = chosen.filter((_, i) => i % 2 === 1)
    const paths = (of: string[]) => of.map((id) => `/v1/users/${id}/recommendations`)
    await load(server.url, { paths: paths(chosen) }, seconds)
    const without = residentMegabytes(server)

    const ratings = liveRatings(total, told, movies.ids)
    for (let begin = 0; begin < ratings.length; begin += linesAtOnce)
      await feed(server, ratings.slice(begin, begin + linesAtOnce))
    await until(server, ratings.at(-1)!)
    await load(server.url, { paths: paths(chosen) }, seconds)
    const fed = residentMegabytes(server)

    const lists: { without: number; with: number }[] = []
    for (let turn = 0; turn < turns; turn++) {
      const plain = await load(server.url, { paths: paths(untold) }, seconds)
      const own = await load(server.url, { paths: paths(told) }, seconds)
      lists.push({ without: plain.rps, with: own.rps })
    }

    await server.stop()
    const begin = performance.now()
    server = await startServe(cli, store, redis, { memoryBytes: 0 })
    const live = (performance.now() - begin) / 1_000
    await until(server, ratings.at(-1)!)
    const caughtUp = (performance.now() - begin) / 1_000
    await load(server.url, { paths: paths(chosen) }, seconds)
    const rss = { without, fed, anew: residentMegabytes(server) }
    return { rss, seconds: { live, caughtUp }, lists }
  } finally {
    await server.stop()
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Each pair of user and movie once. */
function liveRatings(total: number, told: readonly string[], movies: readonly string[]) {
  const strangers = 20_000
  const one = (userId: string, movie: number, timestamp: number): Rating => {
    const movieId = movies[movie % movies.length]!
    return { userId, movieId, rating: 1 + (timestamp % 9) / 2, timestamp }
  }
  return Array.from({ length: total }, (_, i) => {
    const ofTold = i < told.length * ofOneUser
    const userId = ofTold ? told[i % told.length]! : `stranger ${i % strangers}`
    const nth = Math.floor(i / (ofTold ? told.length : strangers))
    return one(userId, 3 * nth + (ofTold ? 0 : i), 1_700_000_000 + i)
  })
}

async function feed(server: Started, ratings: readonly Rating[]): Promise<void> {
  const response = await fetch(`${server.url}/v1/ratings/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(ratings),
  })
  if (!response.ok) throw new Error(`A batch was answered with ${await response.text()}`)
  await response.arrayBuffer()
}

/** Waits until a process shows a rating. */
async function until(server: Started, { userId, movieId, timestamp }: Rating): Promise<void> {
  const path = `/v1/users/${encodeURIComponent(userId)}/ratings/${movieId}`
  for (;;) {
    const response = await fetch(server.url + path)
    const shown = (await response.json()) as { timestamp?: number }
    if (shown.timestamp === timestamp) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function residentMegabytes({ pid }: Started): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1_024
}
