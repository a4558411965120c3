// Takes more than 10 s: two servers and two workers are started as users start them.
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { startMarquee, until } from '../support/marquee.ts'
import { freePort, redisOfFile } from '../support/redis.ts'
import { ask, folderOfFile, startCluster } from './kinds.ts'

const { server, redis } = await redisOfFile()
await redis.acl('SETUSER', 'films', 'on', '>secret', '~films:*', '+@all')
const wrong = server.url.replace('//', '//films:wrong@')

/** A process over a store of its own, ended after the test; `call` asks a server. */
async function start(t: TestContext, command: 'serve' | 'work', env: Record<string, string>) {
  const [store, port] = [await folderOfFile(), await freePort()]
  const program = startMarquee([command], {
    ...{ HOST: '127.0.0.1', PORT: `${port}`, MARQUEE_STORE: store, MARQUEE_API_KEYS: '' },
    ...{ MARQUEE_QUEUE_PREFIX: 'films', LOG_LEVEL: 'info', ...env },
  })
  t.after(async () => {
    program.kill('SIGKILL')
    await program.ended
  })
  const call = (path: string, options?: RequestInit) =>
    fetch(`http://127.0.0.1:${port}${path}`, options)
  const isReady = () => call('/health/ready?for=writes').then(...asStatus)
  return { ...program, call, isReady }
}

const asStatus = [({ status }: Response) => status, () => 0] as const

test('a server whose password is refused answers, and says so', async (t) => {
  const { output, isReady, call } = await start(t, 'serve', { REDIS_URL: wrong })
  await until(async () => (await isReady()) === 503)
  const { reasons } = (await (await call('/health/ready')).json()) as { reasons: string[] }
  const sentence = /Redis refuses the user or the password of REDIS_URL: correct them\./
  assert.match(reasons.join(), sentence)
  await until(() => sentence.test(output()))
  const jobs = await call('/v1/training-jobs')
  const { code, detail } = (await jobs.json()) as { code: string; detail: string }
  assert.deepEqual([jobs.status, code], [503, 'queue-unavailable'])
  assert.match(detail, sentence)
})

test('a worker whose password is refused says so and waits until it is right', async (t) => {
  const { output, kill, ended } = await start(t, 'work', { REDIS_URL: wrong })
  await until(() => output().includes('The worker waits for Redis.'))
  assert.match(output(), /Redis refuses the user or the password of REDIS_URL: correct them\./)
  await redis.acl('SETUSER', 'films', '>wrong')
  await until(() => output().includes('The worker takes jobs.'))
  kill()
  assert.equal((await ended).code, 0)
})

test('an authority that cannot be read ends the process with a sentence', async (t) => {
  const env = { REDIS_URL: 'rediss://127.0.0.1:1', MARQUEE_REDIS_CA: 'nowhere.pem' }
  const { code, output } = await (await start(t, 'work', env)).ended
  assert.equal(code, 1)
  assert.match(output, /^marquee: MARQUEE_REDIS_CA cannot be read: .*ENOENT/)
})

test('a server that began while its cluster was away has keys in braces once it is there', async (t) => {
  const { nodes, redisUrl } = await startCluster(1)
  await nodes[0]!.kill()
  const { isReady, call, kill, ended } = await start(t, 'serve', { REDIS_URL: redisUrl })
  await until(async () => (await isReady()) === 503)
  await nodes[0]!.restart()
  await until(async () => (await isReady()) === 200)
  const rating = { method: 'PUT', body: '{"rating":4}' }
  const headers = { 'content-type': 'application/json' }
  assert.equal((await call('/v1/users/u1/ratings/m1', { ...rating, headers })).status, 200)
  const keys = await ask(nodes[0]!.port, (redis) => redis.keys('*'))
  assert.ok(keys.includes('{films}:live:events'))
  kill()
  assert.equal((await ended).code, 0)
})
