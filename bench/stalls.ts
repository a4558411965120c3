import {
  existsSync,
  mkdtempSync,
  openAsBlob,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { type Call, closedLoop, type Outcome, send } from './overload/open-loop.ts'
import { megabytes, probe, quantiles } from './overload/probe.ts'
import { build } from './serving/build.ts'
import { makeSampleStore, modelOf } from './serving/make-stores.ts'
import { startRedis, startServe } from './serving/processes.ts'
import { distinctIds, packedRows, quotedRows, writeText, writeZip } from './stalls/bodies.ts'

// npm run stalls [-- --share 1]: how long one request of a `serve` of the sample can hold up the
// others, and what memory it takes: the first calls after a start, large imports, clients that send
// a byte a second, and many that ask for documents. A smaller share makes the imports smaller.
const { values } = parseArgs({
  options: { share: { type: 'string', default: '1' }, cli: { type: 'string' } },
})
const share = Number(values.share)
const print = (text: string) => process.stdout.write(`${text}\n`)

/** Asks for `/health/live` every ten milliseconds beside some work; what was measured beside. */
async function beside<T>(base: string, work: () => Promise<T>): Promise<[T, Outcome[]]> {
  let isOver = false
  const probing = probe(base, '/health/live', () => isOver, 10)
  const result = await work().finally(() => {
    isOver = true
  })
  return [result, await probing]
}

/** The most milliseconds of CPU time that one turn of its event loop took since this was last asked. */
async function longestTurn(pid: number): Promise<number> {
  rmSync(turnsFile, { force: true })
  process.kill(pid, 'SIGUSR2')
  while (!existsSync(turnsFile)) await sleep(10)
  return Number(readFileSync(turnsFile, 'utf8'))
}

/** Each kind of first call once, one after the other. */
async function firstCalls(
  { url: base, pid }: { url: string; pid: number },
  user: string,
  movie: string,
) {
  const agent = new Agent({ keepAlive: true })
  const ratings = [{ movieId: movie, rating: 4 }]
  const post = (path: string, body: object): Call => {
    return { method: 'POST', path, body: JSON.stringify(body) }
  }
  const get = (path: string): Call => ({ method: 'GET', path })
  const calls = [
    get(`/v1/users/${user}/recommendations`),
    get(`/v1/users/${user}/predictions/${movie}`),
    get(`/v1/users/${user}/explanations/${movie}`),
    get(`/v1/users/${user}/similar`),
    get(`/v1/movies/${movie}/similar`),
    get('/v1/movies/rankings/bias'),
    get('/v1/movies/rankings/popular'),
    get('/v1/movies?title=star'),
    get('/v1/movie-map'),
    get('/v1/ratings/crosstab'),
    get('/v1/statistics'),
    get('/v1/models'),
    post('/v1/recommendations', { ratings }),
    post('/v1/predictions', { pairs: [{ userId: user, movieId: movie }] }),
    post('/v1/recommendations/batch', { users: [{ userId: user }] }),
    post('/v1/training-jobs', { algorithm: 'net' }),
    get('/v1/training-jobs'),
    get('/openapi.json'),
    get('/docs/yaml'),
    get('/metrics'),
    get('/console'),
  ]
  const outcomes: (Outcome & { turnMs: number })[] = []
  for (const call of calls) {
    const outcome = await send(base, agent, call)
    outcomes.push({ ...outcome, turnMs: await longestTurn(pid) })
  }
  agent.destroy()
  return outcomes
}

/** Sends a file as an import and gives what was answered. */
async function upload(base: string, path: string, type: string): Promise<string> {
  const answer = await fetch(`${base}/v1/ratings/import`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: await openAsBlob(path),
  })
  return `${answer.status} ${(await answer.text()).slice(0, 120)}`
}

/** Connections that begin a request and send a byte of a header a second; seconds until all are closed. */
async function drip(base: string, connections: number): Promise<number> {
  const { hostname, port } = new URL(base)
  const begin = performance.now()
  const open = new Set<Socket>()
  for (let i = 0; i < connections; i++) {
    const socket = connect(Number(port), hostname)
    open.add(socket)
    socket.on('error', () => {})
    socket.on('data', () => {})
    socket.on('close', () => open.delete(socket))
    socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow: ')
    if (i % 100 === 99) await sleep(20)
  }
  while (open.size > 0 && performance.now() - begin < 120_000) {
    for (const socket of open) if (socket.writable) socket.write('a')
    await sleep(1_000)
  }
  return (performance.now() - begin) / 1_000
}

const folder = mkdtempSync(join(tmpdir(), 'marquee-stalls-'))
const turnsFile = join(folder, 'turns')
process.env['STALLS_FILE'] = turnsFile
process.env['NODE_OPTIONS'] = `--import=${new URL('stalls/longest-turn.mjs', import.meta.url).href}`
const buildFolder = new URL('../.marquee/stalls/dist', import.meta.url).pathname
try {
  const cli = values.cli ?? build(buildFolder)
  const archive = new URL('../sample/ml-latest-small-2016.zip', import.meta.url)
  const imports = [
    [
      '5 million quoted rows',
      'text/csv',
      (path: string) => writeText(path, quotedRows(5e6 * share)),
    ],
    [
      '10 million distinct ids',
      'text/csv',
      (path: string) => writeText(path, distinctIds(1e7 * share)),
    ],
    [
      'a zip of 50 million rows',
      'application/zip',
      (path: string) => writeZip(path, packedRows(49.9e6 * share)),
    ],
  ] as const

  const started = async (name: string) => {
    const store = join(folder, name)
    await makeSampleStore(store, archive)
    const redis = await startRedis()
    const server = await startServe(cli, store, redis)
    return {
      ...{ server, model: await modelOf(store) },
      stop: () => server.stop().then(() => redis.stop()),
    }
  }
  {
    const { server, model, stop } = await started('first')
    const [user, movie] = [model.users.ids[7]!, model.movies.ids[7]!]
    await longestTurn(server.pid!)
    const [calls, live] = await beside(server.url, () =>
      firstCalls({ ...server, pid: server.pid! }, user, movie),
    )
    print(`first calls after a start: /health/live meanwhile ${quantiles(live)}`)
    for (const { call, status, ms, turnMs } of calls)
      if (turnMs > 15 || status >= 400)
        print(
          `  ${call.method} ${call.path}: ${status} after ${ms.toFixed(0)} ms, longest turn ${turnMs.toFixed(0)} ms of CPU`,
        )

    const cheap = (): Call => ({ method: 'GET', path: `/v1/users/${user}/predictions/${movie}` })
    const one = { callers: 1, seconds: 5 }
    await closedLoop(server.url, cheap, one)
    print(`one prediction, nothing beside: ${quantiles(await closedLoop(server.url, cheap, one))}`)
    const dripping = drip(server.url, 2_000)
    await sleep(2_000)
    const [reads, during] = await beside(server.url, () => closedLoop(server.url, cheap, one))
    print(
      `one prediction, 2,000 connections dripping: ${quantiles(reads)}; live ${quantiles(during)}`,
    )
    print(`  the last of them is closed after ${(await dripping).toFixed(0)} s`)

    const yaml = (): Call => ({ method: 'GET', path: '/docs/yaml' })
    const [documents, asked] = await beside(server.url, () =>
      closedLoop(server.url, yaml, { callers: 16, seconds: 10 }),
    )
    print(
      `16 clients of /docs/yaml: ${(documents.length / 10).toFixed(0)}/s, ${quantiles(documents)}; live ${quantiles(asked)}`,
    )
    await stop()
  }
  for (const [i, [name, type, write]] of imports.entries()) {
    const path = join(folder, 'body')
    await write(path)
    const { server, stop } = await started(`import-${i}`)
    await sleep(3_000)
    const idle = megabytes(server.pid!)
    writeFileSync(`/proc/${server.pid}/clear_refs`, '5')
    await longestTurn(server.pid!)
    const begin = performance.now()
    const [answer, live] = await beside(server.url, () => upload(server.url, path, type))
    const seconds = (performance.now() - begin) / 1_000
    print(
      `${name} (${(statSync(path).size / 1e6).toFixed(1)} MB) in ${seconds.toFixed(0)} s: ${answer}`,
    )
    const turn = await longestTurn(server.pid!)
    print(
      `  /health/live meanwhile: ${quantiles(live)}; longest turn of the event loop ${turn.toFixed(0)} ms of CPU`,
    )
    const [, after] = await beside(server.url, () => sleep(30_000))
    print(`  in the half minute after: ${quantiles(after)}`)
    print(
      `  memory of serve: ${idle.toFixed(0)} MB idle, ${megabytes(server.pid!, 'VmHWM').toFixed(0)} at most, ${megabytes(server.pid!).toFixed(0)} half a minute after`,
    )
    await stop()
    rmSync(path)
    rmSync(join(folder, `import-${i}`), { recursive: true, force: true })
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(buildFolder, '..'), { recursive: true, force: true })
}
