import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load } from './load.ts'
import { type Started, startBare, startDurableRedis, startServe } from './processes.ts'

const visits = 1_000

export type LiveFigures = {
  readonly rps: number
  /** Of a bare route that gets the same answer, and of one to which the same body is put. */
  readonly bare: { readonly get: number; readonly put: number }
  readonly ratio: { readonly get: number; readonly put: number }
  readonly failed: number
  /** Milliseconds from a rating's answer until the other process has it. */
  readonly median: number
  readonly worst: number
}

/**
 * Ratings put with ten connections beside bare routes with the same answer, Redis writing its
 * append-only file every second; then a thousand, one by one, until another process has them.
 */
export async function measureLive(
  cli: string,
  store: string,
  pairs: readonly { userId: string; movieId: string }[],
  { turns, seconds }: { turns: number; seconds: number },
): Promise<LiveFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'marquee-live-'))
  const redis = await startDurableRedis(folder)
  const one = await startServe(cli, store, redis)
  let other = one
  try {
    const answer = { userId: '15', movieId: '318', rating: 4, timestamp: 1_700_000_000 }
    writeFileSync(join(folder, 'answers.json'), JSON.stringify([answer]))
    const plain = await startBare(join(folder, 'answers.json'))
    const paths = pairs.map(({ userId, movieId }) => `/v1/users/${userId}/ratings/${movieId}`)
    const put = { paths, body: JSON.stringify({ rating: 4 }), method: 'PUT' } as const
    const own: { rps: number; failed: number }[] = []
    const bare: { get: number[]; put: number[] } = { get: [], put: [] }
    const warmUp = 3
    for (let turn = 0; turn < warmUp + turns; turn++) {
      const get = await load(plain.url, { paths: ['/0'] }, seconds)
      const bodied = await load(plain.url, { ...put, paths: ['/0'] }, seconds)
      const run = await load(one.url, put, seconds)
      if (turn < warmUp) continue
      own.push(run)
      bare.get.push(get.rps)
      bare.put.push(bodied.rps)
    }
    await plain.stop()
    other = await startServe(cli, store, redis)
    const delays: number[] = []
    // The first hundred find out when it has all of before, and warm up.
    for (let i = -100; i < visits; i++) {
      const delay = await delayOf(one, other, paths[(i + 100) % paths.length]!, i)
      if (i >= 0) delays.push(delay)
    }
    delays.sort((a, b) => a - b)
    return {
      rps: median(own.map(({ rps }) => rps)),
      bare: { get: median(bare.get), put: median(bare.put) },
      ratio: {
        get: median(own.map(({ rps }, i) => rps / bare.get[i]!)),
        put: median(own.map(({ rps }, i) => rps / bare.put[i]!)),
      },
      failed: own.reduce((sum, { failed }) => sum + failed, 0),
      median: median(delays),
      worst: delays.at(-1)!,
    }
  } finally {
    await Promise.all([one, other].map((server) => server.stop()))
    await redis.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts a rating at one process and asks the other for it until it is there; milliseconds. */
async function delayOf(one: Started, other: Started, path: string, i: number): Promise<number> {
  const timestamp = 1_000_000 + i
  const answer = await fetch(one.url + path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rating: 3, timestamp }),
  })
  await answer.arrayBuffer()
  const begin = performance.now()
  for (;;) {
    const shown = await fetch(other.url + path)
    if (shown.status >= 500) throw new Error(`The other process answered ${shown.status}.`)
    const seen = (await shown.json()) as { timestamp?: number }
    if (seen.timestamp === timestamp) return performance.now() - begin
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!
}
