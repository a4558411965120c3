// Takes more than 15 s: seven servers are started as users start them, two seconds of CPU time
// each, and one asks processes of their own which engines there are.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { after, before, type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keyEntries, keys, sha256 } from '../support/app.ts'
import { loaderArgs } from '../support/loader.ts'
import { startRedis, type TestRedis } from '../support/redis.ts'
import { removeFolder } from '../support/remove-folder.ts'

let redis: TestRedis
before(async () => {
  redis = await startRedis()
})
after(() => redis.stop())

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** Runs `marquee serve` on a free port; `base` resolves when it says that it answers. */
async function startServe(t: TestContext, env: Record<string, string> = {}, args: string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-serve-'))
  const child: ChildProcess = spawn(
    process.execPath,
    [...loaderArgs, ...args, pathOf('../../src/cli.ts'), 'serve'],
    {
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: '0',
        REDIS_URL: redis.url,
        // Otherwise it has another store than the one that was killed a moment ago.
        MARQUEE_QUEUE_PREFIX: basename(folder),
        MARQUEE_STORE: folder,
        MARQUEE_API_KEYS: '',
        LOG_LEVEL: 'info',
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  t.after(async () => {
    child.kill('SIGKILL')
    await removeFolder(folder)
  })
  let output = ''
  const listening = new Promise<string>((resolve) =>
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const address = /Marquee answers at (http:\/\/[\d.:]+)/.exec(output)?.[1]
      if (address) resolve(address)
    }),
  )
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }))
  return { child, folder, ended, base: () => listening }
}

test('the server loads no TensorFlow and no training code, whatever it is asked', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-modules-'))
  t.after(() => removeFolder(folder))
  const file = join(folder, 'modules')
  const record = ['--import', pathOf('../support/record-modules.ts')]
  const { base, child } = await startServe(t, { RECORD_MODULES: file }, record)
  const address = await base()
  const post = (path: string, body: RequestInit['body'], type = 'text/csv') =>
    fetch(address + path, { method: 'POST', body: body!, headers: { 'content-type': type } })
  await post('/v1/ratings/import', 'userId,movieId,rating\n1,10,4.5\n')
  const job = await post('/v1/training-jobs', '{"algorithm":"net"}', 'application/json')
  assert.equal(job.status, 202)
  for (const path of [
    '/v1/engines',
    '/v1/models',
    '/v1/movies',
    '/health/ready',
    '/docs',
    '/v1/training-jobs',
  ])
    await fetch(address + path)

  // It asks other processes what they can train on, and those load all of it.
  const lines = (await readFile(file, 'utf8')).split('\n')
  assert.ok(lines.some((line) => line.includes('@tensorflow')))
  const modules = lines.filter((line) => line.startsWith(`${child.pid} `))
  for (const known of ['/node_modules/fastify/', '/node_modules/bullmq/', '/src/serving/'])
    assert.ok(
      modules.some((path) => path.includes(known)),
      `the record is whole: ${known}`,
    )
  const foreign = /@tensorflow|\/webgpu\/|\/src\/training\/|tfjs/
  assert.deepEqual(
    modules.filter((path) => foreign.test(path)),
    [],
  )
  assert.doesNotMatch(readFileSync(`/proc/${child.pid}/maps`, 'utf8'), /tensorflow|tfjs|dawn/)
})

test('told to stop, it drains, ends what is under way and then itself', async (t) => {
  const { base, child, ended } = await startServe(t)
  const address = await base()
  await fetch(`${address}/v1/ratings/import`, {
    method: 'POST',
    body: 'userId,movieId,rating\n1,2,3\n',
  })
  const { id } = (await (
    await fetch(`${address}/v1/training-jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"algorithm":"dot"}',
    })
  ).json()) as { id: string }
  const stream = await fetch(`${address}/v1/training-jobs/${id}/events`)
  const reader = stream.body!.getReader()
  await reader.read()
  child.kill('SIGTERM')
  const isReady = async () => (await fetch(`${address}/health/ready?for=writes`)).status === 200
  while (await isReady());
  assert.equal((await fetch(`${address}/v1/models`)).status, 200, 'for as long as it drains')
  while (!(await reader.read()).done);
  assert.equal((await ended).code, 0)
})

test('told twice, it stops at once', async (t) => {
  const { base, child, ended } = await startServe(t)
  const address = await base()
  const upload = fetch(`${address}/v1/ratings/import`, {
    method: 'POST',
    duplex: 'half',
    body: new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('userId,')) }),
  } as RequestInit)
  upload.catch(() => {})
  while ((await fetch(`${address}/health/live`)).status !== 200);
  child.kill('SIGTERM')
  while (
    await fetch(`${address}/health/live`).then(
      () => true,
      () => false,
    )
  );
  child.kill('SIGINT')
  assert.equal((await ended).code, 1)
})

test('what it logged last is written when it ends', async (t) => {
  const { base, child, ended } = await startServe(t)
  const imported = await fetch(`${await base()}/v1/ratings/import`, {
    method: 'POST',
    body: 'userId,movieId,rating\n1,10,4.5\n',
  })
  assert.equal(imported.status, 200)
  child.kill('SIGINT')
  const { code, output } = await ended
  assert.equal(code, 0)
  const lines = output.split('\n').filter((line) => line.startsWith('{'))
  const logged = lines.map((line) => JSON.parse(line))
  const audit = logged.filter((line) => line.audit === true)
  const id = imported.headers.get('x-request-id')
  assert.deepEqual(
    audit.map(({ operation, reqId, status }) => [operation, reqId, status]),
    [['importRatings', id, 200]],
  )
  assert.ok(logged.some(({ msg }) => msg === 'The server stops.'))
})

test('without keys it listens on loopback only, and says why it will not elsewhere', async (t) => {
  const { ended } = await startServe(t, { HOST: '0.0.0.0' })
  const { code, output } = await ended
  assert.equal(code, 1)
  assert.match(
    output,
    /^marquee: Without MARQUEE_API_KEYS or MARQUEE_KEYS_FILE .*loopback.*0\.0\.0\.0.*\n$/,
  )
})

test('with keys it listens anywhere, and lets in who has one', async (t) => {
  const configured = keyEntries.map(({ role, sha256 }) => `${role}:${sha256}`).join(',')
  const { base } = await startServe(t, { HOST: '0.0.0.0', MARQUEE_API_KEYS: configured })
  const { port } = new URL(await base())
  const address = `http://127.0.0.1:${port}/v1/movies`
  assert.equal((await fetch(address)).status, 401)
  const headers = { authorization: `Bearer ${keys.read}` }
  assert.equal((await fetch(address, { headers })).status, 200)
})

test('with a keys file it lets in who is in it, also who comes into it later', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-keys-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'keys')
  await writeFile(file, `ana read ${sha256(keys.read)}\n`)
  const { base } = await startServe(t, { MARQUEE_KEYS_FILE: file })
  const address = `${await base()}/v1/movies`
  const ask = async (key: string) =>
    (await fetch(address, { headers: { authorization: `Bearer ${key}` } })).status
  assert.deepEqual([await ask(keys.read), await ask(keys.write)], [200, 401])
  await appendFile(file, `bob write ${sha256(keys.write)}\n`)
  while ((await ask(keys.write)) !== 200) await sleep(50)
})

test('a key that asks more than the environment lets it is told to wait', async (t) => {
  const read = `read:${sha256(keys.read)}`
  const { base } = await startServe(t, { MARQUEE_API_KEYS: read, MARQUEE_LIMIT_READ: '2' })
  const address = `${await base()}/v1/movies`
  const headers = { 'x-api-key': keys.read }
  for (const status of [200, 200, 429])
    assert.equal((await fetch(address, { headers })).status, status)
})

test('a port that is taken is told in a sentence and ends the process', async (t) => {
  const taken = createServer().listen(0, '127.0.0.1')
  t.after(() => taken.close())
  await once(taken, 'listening')
  const { port } = taken.address() as { port: number }
  const { code, output } = await (await startServe(t, { PORT: String(port), LOG_LEVEL: 'fatal' }))
    .ended
  assert.equal(code, 1)
  assert.match(output, /^marquee: Cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\n$/)
})

test('it starts and answers while Redis is away', async (t) => {
  const { base } = await startServe(t, { REDIS_URL: 'redis://127.0.0.1:1' })
  const address = await base()
  assert.equal((await fetch(`${address}/v1/movies`)).status, 200)
  assert.equal((await fetch(`${address}/v1/training-jobs`)).status, 503)
})
