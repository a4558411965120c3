import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '../test/redis/kinds.ts'
import { keys, sha256 } from '../test/support/app.ts'
import { type Host, openHosts, redisHost, storeHost, whyNoHosts } from '../test/support/hosts.ts'
import { s3Environment, startS3 } from '../test/support/s3.ts'
import { build } from './serving/build.ts'

// npm run hosts: three `serve` and three `work`, each on a host of its own (a network namespace: root and
// iproute2), over a Redis Cluster and an S3 store. What one is told holds on the others; then each is cut
// off in turn, from Redis, from the store, from both, for CUT_SECONDS (30), while clients rate and train.
const cutSeconds = Number(process.env['CUT_SECONDS'] ?? 30)
const port = 3_000
const healMs = 60_000
const say = (line: string) => process.stdout.write(`${line}\n`)
const buildFolder = new URL('../.marquee/hosts/dist', import.meta.url).pathname

type Body = Record<string, unknown>
type Answer = { readonly status: number; readonly body: Body; readonly ms: number }

/** Asks a `serve`; the status is 0 where it has no answer in ten seconds. */
async function ask({ address }: Host, target: string, sent?: string | object): Promise<Answer> {
  const [method, path] = target.split(' ') as [string, string]
  const type = typeof sent === 'string' ? 'text/csv' : 'application/json'
  const begun = Date.now()
  try {
    const response = await fetch(`http://${address}:${port}${path}`, {
      method,
      headers: { 'x-api-key': keys.admin, ...(sent !== undefined && { 'content-type': type }) },
      signal: AbortSignal.timeout(10_000),
      ...(sent !== undefined && { body: typeof sent === 'string' ? sent : JSON.stringify(sent) }),
    })
    const text = await response.text()
    const body = text === '' ? {} : (JSON.parse(text) as Body)
    return { status: response.status, body, ms: Date.now() - begun }
  } catch {
    return { status: 0, body: {}, ms: Date.now() - begun }
  }
}

/** Milliseconds until it holds; fails after a minute. */
async function until(holds: () => Promise<boolean>, what: string): Promise<number> {
  const begun = Date.now()
  while (!(await holds())) {
    assert.ok(Date.now() - begun < healMs, `${what}: not in a minute`)
    await sleep(50)
  }
  return Date.now() - begun
}

const file = Array.from({ length: 3_000 }, (_, i) => {
  const [user, movie] = [i % 100, (i * 7 + Math.floor(i / 100)) % 80]
  return `user-${user},movie-${movie},${1 + ((user + movie) % 5)},${1_700_000_000 + i}`
})
const training = { algorithm: 'dot-bias', epochs: 2, ranking: null, promote: 'auto' }

test('hosts', { skip: whyNoHosts() ?? false }, async (t) => {
  const command = [process.execPath, build(buildFolder)]
  t.after(() => rmSync(join(buildFolder, '..'), { recursive: true, force: true }))
  const hosts = openHosts(t, 6)
  const serves = hosts.slice(0, 3)
  const cluster = await startCluster(3, redisHost)
  const s3 = await startS3(t, storeHost)
  const environmentOf = ({ address }: Host) => ({
    ...{ HOST: address, PORT: `${port}`, REDIS_URL: cluster.redisUrl, MARQUEE_STORE: s3.location },
    ...{ MARQUEE_API_KEYS: `admin:${sha256(keys.admin)}`, LOG_LEVEL: 'warn', ...s3Environment },
  })
  const logs = hosts.map((host) => {
    const name = serves.includes(host) ? 'serve' : 'work'
    return host.start([...command, name], environmentOf(host))
  })
  t.after(() => {
    for (const [i, log] of logs.entries()) t.diagnostic(`host ${i}: ${log.output().slice(-1_500)}`)
  })
  const ready = ({ address }: Host, what: string) =>
    ask({ address } as Host, `GET /health/ready?for=${what}`)
  for (const serve of serves)
    await until(async () => (await ready(serve, 'writes')).status === 200, 'a serve is ready')

  const [one, two, three] = serves as [Host, Host, Host]
  const good = async (serve: Host, target: string, body?: string | object): Promise<Body> => {
    const answer = await ask(serve, target, body)
    assert.ok(answer.status >= 200 && answer.status < 300, `${target}: ${JSON.stringify(answer)}`)
    return answer.body
  }
  const jobOf = async (serve: Host, id: unknown) =>
    (await ask(serve, `GET /v1/training-jobs/${id}`)).body
  const ended = async (serve: Host, id: unknown): Promise<Body> => {
    let job: Body = {}
    await until(async () => {
      job = await jobOf(serve, id)
      return ['completed', 'failed', 'cancelled'].includes(String(job['state']))
    }, `job ${id} has ended`)
    return job
  }
  const train = (serve: Host, seed: number) =>
    good(serve, 'POST /v1/training-jobs', { ...training, seed })
  const allServe = async (version: unknown) => {
    const served = async (serve: Host) => (await ready(serve, 'reads')).body['model']
    return until(async () => {
      const all = await Promise.all(serves.map(served))
      return all.every((one) => one === version)
    }, `all serve ${version}`)
  }
  const knowsRating = async (serve: Host, { user, movie, rating }: (typeof told)[number]) => {
    const { body } = await ask(serve, `GET /v1/users/${user}/ratings/${movie}`)
    return body['rating'] === rating
  }
  const told: { user: string; movie: string; rating: number }[] = []
  const rate = async (serve: Host, user: string, n: number): Promise<Answer> => {
    const one = { user, movie: `movie-${n % 80}`, rating: 1 + (n % 5) }
    const before = told.findIndex(({ user, movie }) => user === one.user && movie === one.movie)
    const answer = await ask(serve, `PUT /v1/users/${user}/ratings/${one.movie}`, {
      rating: one.rating,
    })
    if (answer.status !== 200) return answer
    if (before >= 0) told.splice(before, 1)
    told.push(one)
    return answer
  }

  // What one is told holds on the others.
  const header = 'userId,movieId,rating,timestamp\n'
  await good(one, 'POST /v1/ratings/import?ratingScale=1,5', header + file.join('\n'))
  const versions: unknown[] = []
  for (const seed of [1, 2]) {
    const { id } = await train(two, seed)
    const job = await ended(three, id)
    assert.equal(job['state'], 'completed', JSON.stringify(job))
    const ms = await allServe(job['model'])
    say(`training ${seed}: all three serve its model ${ms} ms after the job is completed`)
    versions.push(job['model'])
  }
  await good(three, 'POST /v1/models/rollback')
  say(`rollback: on all after ${await allServe(versions[0])} ms`)
  await good(one, `POST /v1/models/${versions[1]}/promote`)
  say(`promotion: on all after ${await allServe(versions[1])} ms`)
  for (const [i, serve] of serves.entries()) {
    assert.equal((await rate(serve, `live-${i}`, i)).status, 200)
    const ms = await until(async () => {
      const known = await Promise.all(serves.map((other) => knowsRating(other, told.at(-1)!)))
      return known.every(Boolean)
    }, 'a live rating')
    say(`a rating told to serve ${i + 1}: known to all after ${ms} ms`)
  }
  await good(two, 'PUT /v1/schedules/nightly', {
    cron: '0 3 * * *',
    training: { ...training, seed: 3 },
  })
  await good(three, 'GET /v1/schedules/nightly')
  const { job: scheduled } = await good(one, 'POST /v1/schedules/nightly/run')
  await ended(two, scheduled)
  const list = 'GET /v1/users/user-7/recommendations'
  const erasure = await good(two, 'DELETE /v1/users/user-7')
  for (const serve of serves)
    await until(
      async () => (await ask(serve, list)).body['basis'] !== 'trained',
      'an erased user is gone',
    )
  await until(
    async () => (await good(three, `GET /v1/erasures/${erasure['id']}`))['finishedAt'] !== null,
    'the erasure is done',
  )

  // Each is cut off, in turn.
  const cuts = [
    ['Redis', [redisHost]],
    ['the store', [storeHost]],
    ['both', [redisHost, storeHost]],
  ] as const
  const jobs: unknown[] = []
  let n = 100
  for (const [i, host] of hosts.entries())
    for (const [name, addresses] of cuts) {
      const isServe = serves.includes(host)
      const others = serves.filter((serve) => serve !== host)
      host.cutOff(addresses)
      const end = Date.now() + cutSeconds * 1_000
      jobs.push((await train(others[0]!, n))['id'])
      let [answers, refusals, slowest] = [0, 0, 0]
      while (Date.now() < end) {
        n += 1
        for (const other of others) {
          const told = await rate(other, `cut-${n % 7}`, n)
          assert.equal(told.status, 200, JSON.stringify(told))
        }
        if (isServe) {
          const list = await ask(host, 'GET /v1/users/user-1/recommendations')
          assert.equal(list.status, 200, `cut off from ${name}, a list: ${JSON.stringify(list)}`)
          answers += 1
          const write = await rate(host, `own-${n % 7}`, n)
          assert.notEqual(write.status, 0, `cut off from ${name}, a rating has no answer`)
          if (write.status !== 200) refusals += 1
          slowest = Math.max(slowest, list.ms, write.ms)
        }
        await sleep(200)
      }
      host.heal()
      const healed = await until(async () => {
        const states = await Promise.all(serves.map((serve) => ready(serve, 'writes')))
        return states.every(({ status }) => status === 200)
      }, 'all are ready')
      const done = await ended(others[0]!, jobs.at(-1))
      assert.equal(done['state'], 'completed', JSON.stringify(done))
      const own = isServe
        ? `${answers} lists, ${refusals} ratings refused, slowest ${slowest} ms; `
        : ''
      const what = `${isServe ? 'serve' : 'work'} ${(i % 3) + 1} cut off from ${name}`
      say(`${what}: ${own}all ready ${healed} ms after, its training ${done['attempts']} attempts`)
    }
  for (const serve of serves)
    for (const one of told)
      await until(() => knowsRating(serve, one), `${serve.address} knows ${JSON.stringify(one)}`)
  const { items } = (await good(one, 'GET /v1/models')) as { items: Body[] }
  const made = items.map((item) => item['jobId'])
  assert.equal(new Set(made).size, made.length, 'a job has two models')
  say(`${told.length} ratings known to all, ${jobs.length} trainings, one model each`)
})
