// Takes more than 15 s: two servers, a worker and its trainings, as users start them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { until } from './queue/queue-bench.ts'
import { temporaryFolder } from './storage/bodies.ts'
import { startMarquee } from './support/marquee.ts'
import { freePort, redisOfFile } from './support/redis.ts'
import { s3Environment, startS3 } from './support/s3.ts'

const { server: redis } = await redisOfFile()

type Answer = { status: number; body: Record<string, unknown> }

async function start(t: TestContext, args: string[], env: Record<string, string>) {
  const port = await freePort()
  const program = startMarquee(args, {
    ...{ HOST: '127.0.0.1', PORT: `${port}`, REDIS_URL: redis.url, MARQUEE_API_KEYS: '' },
    ...{ MARQUEE_MODEL_POLL_MS: '500', LOG_LEVEL: 'info', ...s3Environment, ...env },
  })
  t.after(async () => {
    program.kill('SIGKILL')
    await program.ended
  })
  const ask = async (method: string, path: string, body?: string | object): Promise<Answer> => {
    const isText = typeof body === 'string'
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      ...(body !== undefined && {
        body: isText ? body : JSON.stringify(body),
        headers: { 'content-type': isText ? 'text/csv' : 'application/json' },
      }),
    }).catch(() => null)
    const text = (await response?.text()) ?? ''
    return { status: response?.status ?? 0, body: text === '' ? {} : JSON.parse(text) }
  }
  return { ...program, ask }
}

const ratings = Array.from({ length: 2_000 }, (_, i) => {
  const [user, movie] = [i % 80, (i * 7 + Math.floor(i / 80)) % 60]
  return `user-${user},movie-${movie},${1 + ((user + movie) % 5)},${1_700_000_000 + i}`
})

test('servers and a worker that share no folder do all over a bucket, and outlive its absence', async (t) => {
  const s3 = await startS3(t)
  const env = { MARQUEE_STORE: s3.location }
  const [one, other] = [await start(t, ['serve'], env), await start(t, ['serve'], env)]
  await start(t, ['work'], env)
  for (const { ask } of [one, other])
    await until(
      async () => (await ask('GET', '/health/ready?for=writes')).status === 200,
      'a server is ready',
    )

  const imported = await one.ask(
    'POST',
    '/v1/ratings/import',
    `userId,movieId,rating,timestamp\n${ratings.join('\n')}`,
  )
  assert.deepEqual([imported.status, imported.body['accepted']], [200, ratings.length])
  const train = async (seed: number) => {
    const spec = { algorithm: 'dot-bias', epochs: 1, seed, ranking: null }
    const { status, body } = await other.ask('POST', '/v1/training-jobs', {
      ...spec,
      promote: 'auto',
    })
    assert.equal(status, 202, JSON.stringify(body))
    let job: Answer['body'] = {}
    await until(async () => {
      job = (await one.ask('GET', `/v1/training-jobs/${body['id']}`)).body
      return ['completed', 'failed'].includes(String(job['state']))
    }, 'a training has ended')
    assert.equal(job['state'], 'completed', JSON.stringify(job))
    return String(job['model'])
  }
  const serving = async ({ ask }: typeof one) => (await ask('GET', '/health/ready')).body['model']
  const bothServe = (version: string) =>
    until(
      async () => (await serving(one)) === version && (await serving(other)) === version,
      `both serve ${version}`,
    )

  const first = await train(1)
  await bothServe(first)
  const second = await train(2)
  await bothServe(second)
  assert.equal((await other.ask('POST', '/v1/models/rollback')).status, 200)
  await bothServe(first)
  assert.equal((await one.ask('POST', `/v1/models/${second}/promote`)).status, 200)
  await bothServe(second)

  assert.equal((await one.ask('PUT', '/v1/users/new/ratings/movie-1', { rating: 5 })).status, 200)
  await until(
    async () => (await other.ask('GET', '/v1/users/new/recommendations')).status === 200,
    'the other knows of a rating',
  )

  // The bucket is away: what was loaded serves on, an import is refused with a sentence, and all heals.
  s3.trouble.next = () => 'refuse'
  const refused = await one.ask('POST', '/v1/ratings/import', 'userId,movieId,rating\nx,y,3\n')
  assert.deepEqual([refused.status, refused.body['code']], [503, 'store-unavailable'])
  assert.equal((await one.ask('GET', '/v1/users/user-1/recommendations')).status, 200)
  assert.equal((await one.ask('GET', '/health/ready?for=writes')).status, 503)
  s3.trouble.next = () => null
  await until(
    async () => (await one.ask('GET', '/health/ready?for=writes')).status === 200,
    'the bucket is back',
  )

  const erased = await one.ask('DELETE', '/v1/users/user-7')
  assert.equal(erased.status, 202, JSON.stringify(erased.body))
  const ofErased = () => other.ask('GET', '/v1/users/user-7/recommendations')
  await until(async () => (await ofErased()).body['basis'] !== 'trained', 'the user is gone')
  const doctor = await (await start(t, ['doctor'], env)).ended
  assert.match(doctor.output, /^Store:\n {2}ready: a bucket that keeps the conditions of writes$/m)
  const check = await start(t, ['check'], env)
  const { code, output } = await check.ended
  assert.deepEqual([code, output], [0, 'Everything is as it should be.\n'])
})

test('who has another store than the servers over the same Redis is told so', async (t) => {
  const env = { MARQUEE_STORE: await temporaryFolder(t), MARQUEE_QUEUE_PREFIX: 'other' }
  const one = await start(t, ['serve'], env)
  const isReady = ({ ask }: typeof one) => ask('GET', '/health/ready?for=writes')
  await until(async () => (await isReady(one)).status === 200, 'a server is ready')
  const elsewhere = { ...env, MARQUEE_STORE: await temporaryFolder(t) }
  const { code, output } = await (await start(t, ['work'], elsewhere)).ended
  const sentence = /serve that is running over this Redis has another store: give every serve/
  assert.match(output, sentence)
  assert.equal(code, 1)
  const other = await start(t, ['serve'], elsewhere)
  await until(async () => (await isReady(other)).status === 503, 'it has another store')
  assert.match(JSON.stringify((await isReady(other)).body['reasons']), sentence)
  assert.equal((await isReady(one)).status, 200)
})
