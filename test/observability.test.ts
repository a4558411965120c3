// Takes some 25 s: a server, a worker, and Prometheus where it is installed, as users start them.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse, stringify } from 'yaml'
import { until } from './queue/queue-bench.ts'
import { temporaryFolder } from './storage/bodies.ts'
import { keyEntries, keys } from './support/app.ts'
import { startMarquee } from './support/marquee.ts'
import { freePort, startRedis } from './support/redis.ts'

const folder = fileURLToPath(new URL('../docker/observability/', import.meta.url))
const text = (path: string) => readFile(join(folder, path), 'utf8')
const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined
const skip = isThere('promtool') && isThere('prometheus') ? false : 'Prometheus is not installed'

type Rule = { alert: string; expr: string; for?: string }
const rules = parse(await text('alerts.yml')).groups.flatMap(
  ({ rules }: { rules: Rule[] }) => rules,
) as Rule[]
type Panel = { title: string; targets?: { expr: string }[] }
const dashboard = JSON.parse(await text('grafana/dashboards/marquee.json')) as { panels: Panel[] }
const shown = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))

test('each alert fires by a fault that is written down for it, and is silent before', {
  skip,
}, async () => {
  const tests = parse(await text('alerts.test.yml')).tests as { name: string }[]
  assert.deepEqual(
    tests.map(({ name }) => name),
    rules.map(({ alert }) => alert),
  )
  for (const args of [
    ['check', 'rules', 'alerts.yml'],
    ['test', 'rules', 'alerts.test.yml'],
    ['check', 'config', '--syntax-only', 'prometheus.yml'],
  ])
    execFileSync('promtool', args, { cwd: folder, stdio: 'pipe' })
})

/** A server with keys and a worker with a port, over one store; a training of few ratings serves. */
async function startBoth(t: TestContext) {
  const store = await temporaryFolder(t)
  const redis = await startRedis()
  t.after(() => redis.stop())
  const [port, workerPort] = [await freePort(), await freePort()]
  const start = (args: string[], more: Record<string, string> = {}) => {
    const program = startMarquee(args, {
      ...{ HOST: '127.0.0.1', PORT: `${port}`, MARQUEE_WORKER_PORT: `${workerPort}` },
      ...{ REDIS_URL: redis.url, MARQUEE_STORE: store, LOG_LEVEL: 'info' },
      MARQUEE_API_KEYS: keyEntries.map(({ role, sha256 }) => `${role}:${sha256}`).join(),
      ...more,
    })
    t.after(async () => {
      program.kill('SIGKILL')
      await program.ended
    })
    return program
  }
  const serve = start(['serve'])
  const work = start(['work'])
  const ask = async (method: string, path: string, given: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${keys.admin}`, ...given.headers }
    const url = `http://127.0.0.1:${port}${path}`
    const response = await fetch(url, { method, ...given, headers }).catch(() => null)
    return { status: response?.status ?? 0, text: (await response?.text()) ?? '' }
  }
  const figures = async (which: 'serve' | 'work') => {
    if (which === 'serve')
      return (await ask('GET', '/metrics', { headers: { authorization: `Bearer ${keys.read}` } }))
        .text
    return (await fetch(`http://127.0.0.1:${workerPort}/metrics`)).text()
  }
  const train = (fields: object, reqId: string) =>
    ask('POST', '/v1/training-jobs', {
      headers: { 'content-type': 'application/json', 'x-request-id': reqId },
      body: JSON.stringify({ algorithm: 'dot-bias', factors: 4, epochs: 2, ...fields }),
    })
  await until(
    async () => (await ask('GET', '/health/ready?for=writes')).status === 200,
    'the server is ready',
  )
  return { store, redis, port, workerPort, start, serve, work, ask, figures, train }
}

const lines = Array.from({ length: 2_000 }, (_, i) => {
  const [user, movie] = [i % 80, (i * 7 + Math.floor(i / 80)) % 60]
  return `user-${user},movie-${movie},${1 + ((user + movie) % 5)},${1_700_000_000 + i}`
})

test('what dashboard and alerts name is told by running processes, Prometheus reads it, and faults ring', async (t) => {
  const both = await startBoth(t)
  const { ask, figures, train, work, serve } = both
  const body = `userId,movieId,rating,timestamp\n${lines.join('\n')}`
  const headers = { 'content-type': 'text/csv' }
  assert.equal((await ask('POST', '/v1/ratings/import', { headers, body })).status, 200)
  assert.equal((await train({}, 'asked-by-a-test')).status, 202)
  await until(async () => /marquee_model_info\{/.test(await figures('serve')), 'a model serves')

  const asked = work
    .output()
    .split('\n')
    .filter((line) => line.includes('"reqId":"asked-by-a-test"'))
    .map((line) => JSON.parse(line).msg)
  for (const message of ['A job begins.', 'The model serves.']) assert.ok(asked.includes(message))

  const told = `${await figures('serve')}\n${await figures('work')}`
  const there = new Set(told.split('\n').map((line) => /^[a-z_\d]+/.exec(line)?.[0]))
  const exprs = [...shown, ...rules.map(({ expr }) => expr)].join('\n')
  const named = new Set(exprs.match(/\b(?:marquee|http|bullmq|nodejs|process)_\w+/g))
  assert.ok(named.size >= 30)
  for (const name of named) assert.ok(there.has(name), name)
  const ended = /marquee_job_duration_seconds_count\{kind="train",outcome="completed"\} (\d+)/
  assert.equal(ended.exec(told)?.[1], '1')

  if (skip) return t.diagnostic(skip)
  const { query, firing } = await startPrometheus(t, both)
  await until(async () => (await query('sum(up)')) === '2', 'Prometheus has read both')
  for (const expr of shown) await query(expr.replaceAll('$__rate_interval', '10s'))

  const diverging = { algorithm: 'dot', ratingRange: 'none', optimizer: 'sgd', learningRate: 100 }
  assert.equal((await train(diverging, 'diverges')).status, 202)
  const rings = (...names: string[]) =>
    until(
      async () => {
        const ringing = await firing()
        return names.every((name) => ringing.has(name))
      },
      `${names.join(', ')} fire`,
    )
  await rings('MarqueeTrainingsFail')
  work.kill('SIGTERM')
  await work.ended
  assert.equal((await train({ epochs: 4 }, 'waits')).status, 202)
  await rings('MarqueeWorkDown', 'MarqueeNoWorker', 'MarqueeQueueStuck')
  const ratings = join(both.store, 'ratings')
  for (const name of await readdir(ratings))
    if (name.startsWith('1')) await truncate(join(ratings, name), 100)
  await rings('MarqueeStoreDamaged')
  both.start(['work'], { MARQUEE_STORE_ROOM_BYTES: `${Number.MAX_SAFE_INTEGER}` })
  await rings('MarqueeStoreDown')
  await judgePort(both.workerPort)
  await both.redis.kill()
  await rings('MarqueeRedisDown')
  serve.kill('SIGKILL')
  await rings('MarqueeServeDown')
})

/** The port of a worker whose store is full. */
async function judgePort(port: number): Promise<void> {
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method })
    const type = response.headers.get('content-type')
    return { status: response.status, type, body: await response.text() }
  }
  assert.equal((await ask('/health/live')).body, '{"status":"ok"}')
  const ready = await ask('/health/ready?for=all')
  const { status, redis, store, reasons } = JSON.parse(ready.body)
  assert.deepEqual([ready.status, status, redis, store], [503, 'unavailable', true, false])
  assert.match(reasons[0], /The store has only \d+ MiB left\./)
  assert.deepEqual(await ask('/metrics', 'HEAD').then(({ status, body }) => [status, body]), [
    200,
    '',
  ])
  for (const [path, method, expected] of [
    ['/metrics', 'POST', 405],
    ['/v1/models', 'GET', 404],
    ['/toString', 'GET', 404],
  ] as const) {
    const { status, type, body } = await ask(path, method)
    assert.deepEqual([status, type], [expected, 'application/problem+json'], path)
    assert.equal(JSON.parse(body).status, expected)
  }
}

type Answer = {
  status: string
  error?: string
  data: { result: { value: [number, string] }[]; alerts?: { labels: { alertname: string } }[] }
}

/** Prometheus as the compose file has it, but for addresses, and for nothing waiting to be sure. */
async function startPrometheus(
  t: TestContext,
  { port, workerPort }: { port: number; workerPort: number },
) {
  const own = await temporaryFolder(t)
  const config = parse(await text('prometheus.yml'))
  const ports: Record<string, number> = { serve: port, work: workerPort }
  config.global = { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' }
  for (const job of config.scrape_configs) {
    delete job.dns_sd_configs
    job.static_configs = [{ targets: [`127.0.0.1:${ports[job.job_name]}`] }]
    if (job.authorization) job.authorization.credentials_file = join(own, 'key')
  }
  await mkdir(own, { recursive: true })
  await writeFile(join(own, 'key'), keys.read)
  await writeFile(join(own, 'prometheus.yml'), stringify(config))
  const eager = rules.map(({ for: _, ...rule }) => rule)
  await writeFile(join(own, 'alerts.yml'), stringify({ groups: [{ name: 'm', rules: eager }] }))
  const address = `127.0.0.1:${await freePort()}`
  const files = [`--config.file=${join(own, 'prometheus.yml')}`, `--storage.tsdb.path=${own}/tsdb`]
  const program = spawn('prometheus', [...files, `--web.listen-address=${address}`], {
    stdio: 'ignore',
  })
  t.after(async () => {
    program.kill('SIGKILL')
    await once(program, 'exit')
  })
  const get = async (path: string) => {
    const response = await fetch(`http://${address}/api/v1/${path}`).catch(() => null)
    // Until it has begun it answers with a sentence.
    return response?.headers.get('content-type') === 'application/json'
      ? ((await response.json()) as Answer)
      : null
  }
  return {
    /** The first value, where there is one; fails where the question cannot be answered. */
    async query(expr: string): Promise<string | undefined> {
      const answer = await get(`query?query=${encodeURIComponent(expr)}`)
      if (answer) assert.equal(answer.status, 'success', `${expr}: ${answer.error}`)
      return answer?.data.result[0]?.value[1]
    },
    async firing(): Promise<Set<string>> {
      const answer = await get('alerts')
      return new Set((answer?.data.alerts ?? []).map(({ labels }) => labels.alertname))
    },
  }
}
