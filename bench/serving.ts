import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Model } from '../src/model/model.ts'
import { build } from './serving/build.ts'
import { type LoadFigures, load, loadUntil, type Question } from './serving/load.ts'
import { modelOf, versions } from './serving/make-stores.ts'
import { measureLive } from './serving/measure-live.ts'
import { longQuestions, measureBeside } from './serving/measure-long.ts'
import { measureOverlay } from './serving/measure-overlay.ts'
import type { SearchFigures } from './serving/measure-search.ts'
import type { SwapFigures } from './serving/measure-swaps.ts'
import { type Started, startBare, startRedis, startServe } from './serving/processes.ts'

// npm run bench:serving [-- --small --turns 15 --seconds 1 --large STORE --only-live --write docs/SERVING.md]

const root = new URL('../', import.meta.url)
const { values } = parseArgs({
  options: {
    small: { type: 'boolean', default: false },
    turns: { type: 'string' },
    seconds: { type: 'string' },
    // A store of an earlier run with the trained model, to spare the training.
    large: { type: 'string' },
    // Only the part about ratings as they happen, which needs no large model.
    'only-live': { type: 'boolean', default: false },
    write: { type: 'string' },
  },
})
const size = values.small
  ? { ratings: 1e6, users: 6_500, movies: 4_000, factors: 64, synthetic: 50_000, live: 1e5 }
  : { ratings: 25e6, users: 162_000, movies: 62_000, factors: 64, synthetic: 1e6, live: 1e6 }
const turns = Number(values.turns ?? (values.small ? 1 : 15))
const seconds = Number(values.seconds ?? 1)
const swaps = 20
const longSeconds = 5

const lines: string[] = []
function print(line = ''): void {
  lines.push(line)
  process.stdout.write(`${line}\n`)
}
function table(head: string[], rows: (string | number)[][]): void {
  for (const cells of [head, head.map(() => '---'), ...rows]) print(`| ${cells.join(' | ')} |`)
  print()
}
const median = (numbers: readonly number[]) =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!
const whole = (number: number) => Math.round(number).toLocaleString('en')

/** Runs a script of `serving/` in a process of its own and gives what it printed. */
function run(script: string, ...args: string[]): string {
  const path = new URL(`serving/${script}`, import.meta.url).pathname
  const all = ['--import', 'tsx', '--max-old-space-size=8192', path, ...args]
  return execFileSync(process.execPath, all, { encoding: 'utf8', maxBuffer: 1 << 20 })
}

type Line = { name: string; server: Started; question: Question }

async function lists(name: string, server: Started, store: string): Promise<Line> {
  const { ids } = (await modelOf(store)).users
  const users = Array.from({ length: 100 }, (_, i) => ids[Math.floor((i * ids.length) / 100)]!)
  return { name, server, question: { paths: users.map((id) => `/v1/users/${id}/recommendations`) } }
}

/** Users and movies of a model, each pair another. */
function pairsOf({ users, movies }: Model) {
  return (i: number) => ({
    userId: users.ids[(7 * i) % users.size]!,
    movieId: movies.ids[(13 * i) % movies.size]!,
  })
}

async function onePrediction(name: string, server: Started, store: string): Promise<Line> {
  const pairs = Array.from({ length: 100 }, (_, i) => i).map(pairsOf(await modelOf(store)))
  const paths = pairs.map(({ userId, movieId }) => `/v1/users/${userId}/predictions/${movieId}`)
  return { name, server, question: { paths } }
}

async function sampleLines(server: Started, anew: Started, store: string): Promise<Line[]> {
  const model = await modelOf(store)
  const { users, movies } = model
  const pair = pairsOf(model)
  const pairs = JSON.stringify({ pairs: Array.from({ length: 1_000 }, (_, i) => pair(i)) })
  const movieIds = Array.from({ length: 1_000 }, (_, i) => pair(i).movieId)
  const manyMovies = { userId: users.ids[7], movieIds }
  const ratings = Array.from({ length: 20 }, (_, i) => ({
    ...pair(i),
    userId: undefined,
    rating: 4,
  }))
  return [
    await onePrediction('one prediction', server, store),
    {
      name: '1,000 predictions in one request',
      server,
      question: { paths: ['/v1/predictions'], body: pairs },
    },
    {
      name: '1,000 movies for one user in one request',
      server,
      question: { paths: ['/v1/predictions'], body: JSON.stringify(manyMovies) },
    },
    {
      name: 'the same, compact',
      server,
      question: {
        paths: ['/v1/predictions'],
        body: JSON.stringify({ ...manyMovies, compact: true }),
      },
    },
    await lists(`top 10 of ${whole(movies.size)} (the sample)`, server, store),
    await lists(`top 10 of ${whole(movies.size)} (the sample), each made anew`, anew, store),
    {
      name: 'top 10 folded in from 20 ratings (the sample)',
      server,
      question: { paths: ['/v1/recommendations'], body: JSON.stringify({ ratings }) },
    },
  ]
}

async function answerOf({ server, question: { paths, body } }: Line) {
  const headers = { 'content-type': 'application/json' }
  const init = body === undefined ? {} : { method: 'POST', body, headers }
  const response = await fetch(server.url + paths[0], init)
  return response.ok ? response.text() : null
}

/** Each line and a bare route with the same answer take turns, so that noise meets both. */
async function measureLines(all: Line[], folder: string): Promise<Map<string, LoadFigures>> {
  const answers = await Promise.all(all.map(answerOf))
  const there = all.filter((_, i) => answers[i] !== null)
  const kept = answers.filter((answer) => answer !== null)
  const file = join(folder, 'answers.json')
  writeFileSync(file, `[${kept.join(',')}]`)
  const bare = await startBare(file)
  const figures = there.map(() => ({
    own: [] as LoadFigures[],
    bare: [] as LoadFigures[],
    posted: [] as LoadFigures[],
  }))
  for (let turn = 0; turn <= turns; turn++)
    for (const [i, { server, question }] of there.entries()) {
      // The first turn warms up.
      const time = turn === 0 ? Math.min(1, seconds) : seconds
      const plain = await load(bare.url, { paths: [`/${i}`] }, time)
      const own = await load(server.url, question, time)
      const { body } = question
      const posted = body && (await load(bare.url, { paths: [`/${i}`], body }, time))
      if (turn === 0) continue
      figures[i]!.own.push(own)
      if (posted) figures[i]!.posted.push(posted)
      figures[i]!.bare.push(plain)
    }
  await bare.stop()
  const middle = (runs: LoadFigures[]): LoadFigures => ({
    rps: median(runs.map(({ rps }) => rps)),
    p50: median(runs.map(({ p50 }) => p50)),
    p99: median(runs.map(({ p99 }) => p99)),
    failed: runs.reduce((sum, { failed }) => sum + failed, 0),
  })
  const rows = there.map(({ name }, i) => {
    const { own, bare: plain, posted } = figures[i]!
    const { rps, p50, p99, failed } = middle(own)
    const base = middle(plain)
    const ratioTo = (those: LoadFigures[]) =>
      those.length === 0
        ? '–'
        : median(own.map((run, turn) => run.rps / those[turn]!.rps)).toFixed(2)
    const bytes = Buffer.byteLength(kept[i]!)
    return [
      name,
      whole(bytes),
      whole(rps),
      p50,
      p99,
      whole(base.rps),
      base.p50,
      base.p99,
      ratioTo(plain),
      ratioTo(posted),
      failed,
    ]
  })
  table(
    [
      'request',
      'bytes of the answer',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'bare route: requests/s',
      'p50 ms',
      'p99 ms',
      'ratio to bare',
      'to bare with the same body',
      'failed',
    ],
    rows,
  )
  for (const { name } of all.filter((_, i) => answers[i] === null))
    print(`Not measured, since this version has no such route: ${name}.\n`)
  return new Map(there.map(({ name }, i) => [name, middle(figures[i]!.own)]))
}

/** Ratings told one by one beside a bare route, and a million of them held by one process. */
async function measureAsTheyHappen(cli: string, store: string): Promise<void> {
  print('## Ratings as they happen')
  print()
  print(
    '`PUT` of one rating after the other, each of another pair of a hundred; Redis writes its append-only file every second. Beside it the bare route with the same answer, asked for it, and with the same body put to it. Then a thousand, one by one, at one process: milliseconds after the answer until another process has it.',
  )
  print()
  const pairs = Array.from({ length: 100 }, (_, i) => i).map(pairsOf(await modelOf(store)))
  const live = await measureLive(cli, store, pairs, { turns, seconds })
  table(
    [
      ...['PUT/s', 'bare GET/s', 'ratio', 'bare PUT/s', 'ratio', 'failed'],
      ...['other process, median ms', 'worst'],
    ],
    [
      [
        ...[whole(live.rps), whole(live.bare.get), live.ratio.get.toFixed(2)],
        ...[whole(live.bare.put), live.ratio.put.toFixed(2), live.failed],
        ...[live.median.toFixed(1), live.worst.toFixed(1)],
      ],
    ],
  )
  print(
    `${whole(size.live)} live ratings in the overlay of the sample's model, with MARQUEE_RESPONSE_CACHE_BYTES=0: ten users of the model have a thousand each, 20,000 others the rest. Megabytes that the process holds before, with them, and with them when it was started anew; seconds from that start until it answers, and until it has the last of them; lists a second of ten users without live ratings and of the ten with a thousand.`,
  )
  print()
  const {
    rss,
    seconds: from,
    lists,
  } = await measureOverlay(cli, store, size.live, { turns, seconds })
  const [plain, own] = [lists.map((turn) => turn.without), lists.map((turn) => turn.with)]
  const cost = median(lists.map((turn) => turn.without / turn.with))
  table(
    [
      ...['MB without', 'MB with', 'MB started anew', 's until it answers', 's until it has all'],
      ...['lists/s without', 'lists/s with 1,000', 'cost with ÷ without'],
    ],
    [
      [
        ...[rss.without, rss.fed, rss.anew].map((megabytes) => megabytes.toFixed(0)),
        ...[from.live, from.caughtUp].map((second) => second.toFixed(1)),
        ...[whole(median(plain)), whole(median(own)), cost.toFixed(2)],
      ],
    ],
  )
}

async function measureTwo(cli: string, store: string, redis: Started, one: Line): Promise<void> {
  const second = await startServe(cli, store, redis)
  const rounds: [number, number][] = []
  for (let turn = 0; turn <= turns; turn++) {
    const alone = await load(one.server.url, one.question, seconds)
    const both = await Promise.all(
      [one.server, second].map(({ url }) => load(url, one.question, seconds)),
    )
    if (turn > 0) rounds.push([alone.rps, both[0]!.rps + both[1]!.rps])
  }
  await second.stop()
  const [alone, both] = [median(rounds.map(([a]) => a)), median(rounds.map(([, b]) => b))]
  table(
    ['one process, requests/s', 'two processes, requests/s together', 'ratio'],
    [[whole(alone), whole(both), median(rounds.map(([a, b]) => b / a)).toFixed(2)]],
  )
}

/**
 * Twenty promotions one after the other, with a pause of a tenth of a second, and as long without.
 */
async function measureSwapsUnderLoad(name: string, { server, question }: Line) {
  const promote = async () => {
    for (let swap = 0; swap < swaps; swap++) {
      const target = `${server.url}/v1/models/${versions[swap % 2]}/promote`
      const { ok, status } = await fetch(target, { method: 'POST' })
      if (!ok) throw new Error(`A promotion was answered with ${status}.`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
  await loadUntil(server.url, question.paths, pause(500))
  const begin = performance.now()
  const during = await loadUntil(server.url, question.paths, promote())
  const ms = performance.now() - begin
  const usual = await loadUntil(server.url, question.paths, pause(ms))
  return [
    name,
    (ms / 1_000 / swaps).toFixed(2),
    whole(during.requests),
    during.failed,
    usual.p50.toFixed(2),
    during.p50.toFixed(2),
    usual.p99.toFixed(2),
    during.p99.toFixed(2),
    (during.p99 / usual.p99).toFixed(2),
  ]
}

/** How much long requests delay short ones. */
async function measureLong({ server, question }: Line): Promise<void> {
  const rows: (string | number)[][] = []
  for (const long of longQuestions(server.url, size.users, size.movies)) {
    const { longPerSecond, usual, beside } = await measureBeside(
      server.url,
      question.paths,
      long,
      longSeconds,
    )
    const latencies = [usual.p50, beside.p50, usual.p99, beside.p99].map((ms) => ms.toFixed(2))
    rows.push([long.name, longPerSecond.toFixed(1), ...latencies])
  }
  table(['long request', 'of them/s', 'usual p50', 'p50', 'usual p99', 'p99'], rows)
}

async function measure(folder: string, buildFolder: string): Promise<void> {
  const sample = join(folder, 'sample')
  const large = values.large ?? join(folder, 'large')
  const synthetic = join(folder, 'synthetic')
  run('make-store.ts', 'sample', sample)
  if (values['only-live']) return measureAsTheyHappen(build(buildFolder), sample)
  const { ratings, users, movies, factors } = size
  if (!values.large)
    run('make-store.ts', 'large', large, ...[ratings, users, movies, factors].map(String))
  run('make-store.ts', 'synthetic', synthetic, large, String(size.synthetic))

  print('# Speed of answers')
  print()
  print(
    `What \`npm run bench:serving${values.small ? ' -- --small' : ''}\` printed on ${availableParallelism()} × ${cpus()[0]?.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}. Separate processes on loopback; autocannon with 10 connections, medians of ${turns} turns of ${seconds} s in which everything takes its turn; the client has its share of the same cores.`,
  )
  print()
  const trained = `${whole(movies)} × ${factors}`
  const drawn = `${whole(size.synthetic)} × ${factors}`
  print('## Finding the best without scoring all')
  print()
  print(
    `Milliseconds of CPU for one user, medians of 200 users. ${trained}: \`dot-bias\` trained on ${whole(ratings)} ratings of \`marquee generate\`. ${drawn}: lengths and biases drawn from the trained movies, directions random. "Full scan": SIMD scores of all movies and the ten best of them.`,
  )
  print()
  const found = [large, synthetic].map(
    (store) => JSON.parse(run('measure-search.ts', store)) as SearchFigures,
  )
  table(
    [
      'movies × factors',
      'exact top 10',
      'exact top 100',
      'full scan',
      'scores alone',
      'exact ÷ full scan',
      'exact ÷ scores alone',
      'same list',
    ],
    found.map((f) => [
      `${whole(f.movies)} × ${f.factors}`,
      f.exact.toFixed(3),
      f.exact100.toFixed(3),
      f.full.toFixed(3),
      f.scoresAlone.toFixed(3),
      (f.exact / f.full).toFixed(3),
      (f.exact / f.scoresAlone).toFixed(3),
      `${f.same} of ${f.users}`,
    ]),
  )

  const cli = build(buildFolder)
  const redis = await startRedis()
  const servers: Started[] = []
  try {
    servers.push(await startServe(cli, sample, redis))
    for (const store of [large, synthetic, sample])
      servers.push(await startServe(cli, store, redis, { memoryBytes: 0 }))
    const [first, second, third, fourth] = servers as [Started, Started, Started, Started]
    const all = [
      ...(await sampleLines(first, fourth, sample)),
      await lists(`top 10 of ${trained}, trained`, second, large),
      await lists(`top 10 of ${drawn}, drawn`, third, synthetic),
    ]
    print('## Requests')
    print()
    print(
      'The bare route is Fastify with no option, no schema and no log, whose handler returns an object: the same answer, parsed; where a body is posted, also with the same body posted to it. `serve` runs with its defaults: it logs no line for an answer that only reads, and it caches responses: 100 users ask again and again, so all but their first lists come from the cache. Lists "made anew" come from a `serve` with MARQUEE_RESPONSE_CACHE_BYTES=0; those of the two large models, too.',
    )
    print()
    const figures = await measureLines(all, folder)
    const [one, batch, many, compact] = all.map(({ name }) => figures.get(name)!.rps) as number[]
    print(
      `In one request, 1,000 predictions of one user cost ${(one! / compact!).toFixed(1)} times one when the answer is compact, ${(one! / many!).toFixed(1)} times when it is not; 1,000 pairs ${(one! / batch!).toFixed(1)} times.`,
    )
    print()
    await measureAsTheyHappen(cli, sample)
    print('## Two processes')
    print()
    print(
      `One prediction, ten connections to each, on ${availableParallelism()} cores with the client.`,
    )
    print()
    await measureTwo(cli, sample, redis, all[0]!)
    print(`## ${swaps} swaps of the model under load`)
    print()
    print(
      'Ten connections ask for one prediction after the other; latencies in milliseconds as a client in Node sees them, in as long a time without swaps (usual) and with them.',
    )
    print()
    const ofLarge = await onePrediction('one prediction', second, large)
    table(
      [
        'model',
        'seconds a swap',
        'requests',
        'failed',
        'usual p50',
        'p50',
        'usual p99',
        'p99',
        'p99 ÷ usual',
      ],
      [
        await measureSwapsUnderLoad('the sample', all[0]!),
        await measureSwapsUnderLoad(`${trained}, ${whole(ratings)} ratings`, ofLarge),
      ],
    )
    print('## Beside long requests')
    print()
    print(
      `Ten connections ask ${trained} for one prediction after the other, for ${longSeconds} s each, alone (usual) and while one more client asks a long question again and again; latencies in milliseconds.`,
    )
    print()
    await measureLong(ofLarge)
  } finally {
    await Promise.all([...servers, redis].map((server) => server.stop()))
  }
  const delay = JSON.parse(run('measure-swaps.ts', large, String(swaps))) as SwapFigures
  print(
    `A process that has nothing else to do, while it makes the model of ${whole(ratings)} ratings ready ${swaps} times: ${delay.seconds.toFixed(2)} s by the clock and ${delay.cpuSeconds.toFixed(2)} s of CPU each, of which the main thread was at work for ${delay.busySeconds.toFixed(2)} s; its event loop was held up for at most ${delay.maxMs.toFixed(1)} ms, 99 % of the time under ${delay.p99Ms.toFixed(1)} ms.`,
  )
}

const folder = mkdtempSync(join(tmpdir(), 'marquee-bench-'))
// Below the root, so that the packages are found.
const buildFolder = new URL('.marquee/bench/dist', root).pathname
try {
  await measure(folder, buildFolder)
  if (values.write) writeFileSync(values.write, `${lines.join('\n')}\n`)
} finally {
  rmSync(folder, { recursive: true, force: true })
  rmSync(join(buildFolder, '..'), { recursive: true, force: true })
}
