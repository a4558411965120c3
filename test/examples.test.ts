// Takes some 10 s: examples/ as their users run them, over processes started as users start them.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { createMarquee, dataOf } from '../clients/typescript/src/client.ts'
import { serve } from './clients/answers.ts'
import { noPython } from './clients/run-python.ts'
import { quickTraining, startService } from './clients/service.ts'
import { temporaryFolder } from './storage/bodies.ts'
import { keyEntries, keys } from './support/app.ts'
import { findChromium } from './support/chromium.ts'
import { checkLooks, train } from './support/console.ts'
import { until } from './support/marquee.ts'
import { freePort, redisOfFile } from './support/redis.ts'
import { fewOfSample } from './support/sample-ratings.ts'

const { server: redis } = await redisOfFile()
const fileOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Runs a program of examples/; what it has written, and how it ends. */
function start(program: string, args: string[], env: Record<string, string>) {
  const child = spawn(program, args, { env: { ...process.env, ...env } })
  const written = { out: '', error: '' }
  child.stdout.on('data', (bytes) => {
    written.out += bytes
  })
  child.stderr.on('data', (bytes) => {
    written.error += bytes
  })
  const ended = once(child, 'close').then(([code]) => ({ code, ...written }))
  return { written, ended, kill: () => child.kill('SIGKILL') }
}

test('the examples do what they say', async (t) => {
  const origin = `http://127.0.0.1:${await freePort()}`
  const secret = 'a-secret-of-the-examples-that-is-long'
  const base = await startService(t, {
    redisUrl: redis.url,
    MARQUEE_API_KEYS: keyEntries.map(({ role, sha256 }) => `${role}:${sha256}`).join(','),
    MARQUEE_CORS_ORIGINS: origin,
    MARQUEE_TOKEN_SECRETS: secret,
  })
  const marquee = createMarquee({ baseUrl: base, key: keys.admin })
  const { ratings, movies } = await fewOfSample(40)
  const file = join(await temporaryFolder(t), 'ratings.csv')
  await writeFile(file, ratings)
  const send = async (kind: 'movies' | 'ratings', text: string) => {
    const headers = { 'content-type': 'text/csv', authorization: `Bearer ${keys.admin}` }
    const options = { method: 'POST', headers, body: text }
    assert.equal((await fetch(`${base}/v1/${kind}/import`, options)).status, 200)
  }
  await send('movies', movies)

  await t.test('a night: a file in, a training, lists out', { skip: noPython }, async (t) => {
    const folder = join(await temporaryFolder(t), 'lists')
    const night = (env: Record<string, string>, program = [fileOf('examples/nightly.py')]) =>
      start('python3', ['-W', 'error', ...program, file, folder], {
        ...{ PYTHONPATH: fileOf('clients/python/src'), PYTHONDONTWRITEBYTECODE: '1' },
        ...{ MARQUEE: base, MARQUEE_KEY: keys.admin, TRAINING: JSON.stringify(quickTraining) },
        ...env,
      }).ended
    // What an earlier batch of more users has left, and one that was cut off.
    for (const name of ['lists/00000.csv', 'lists/00001.csv', 'lists.new/00007.csv']) {
      await mkdir(dirname(join(folder, '..', name)), { recursive: true })
      await writeFile(join(folder, '..', name), 'old')
    }
    const done = await night({})
    assert.deepEqual([done.code, done.error], [0, ''])
    assert.match(done.out, /^\d+ ratings taken, 0 refused\nmodel \S+: .+\nlists of 40 users in /)
    assert.deepEqual(await readdir(folder), ['00000.csv'])
    assert.deepEqual(await readdir(dirname(folder)), ['lists'])
    assert.match(await readFile(join(folder, '00000.csv'), 'utf8'), /^15,1,/m)

    const refused = await night({ MARQUEE_KEY: keys.read })
    assert.equal(refused.code, 1)
    assert.match(refused.error, /^nightly: .+\n$/)
    const away = await night({ MARQUEE: `http://127.0.0.1:${await freePort()}` })
    assert.equal(away.code, 75)
    assert.match(away.error, /^nightly: .*refused\n$/)
    const silent = await serve(t, [() => {}])
    const program = `import runpy; from marquee_client import Marquee
Marquee.__init__.__kwdefaults__["timeout"] = 0.1
runpy.run_path("${fileOf('examples/nightly.py')}", run_name="__main__")`
    const late = await night({ MARQUEE: silent.baseUrl }, ['-c', program])
    assert.deepEqual([late.code, late.error], [75, 'nightly: timed out\n'])
  })
  if (noPython) {
    await send('ratings', ratings)
    await train(marquee, quickTraining)
  }

  await t.test('the page shows what is popular, and what one user is to watch', async (t) => {
    const executablePath = await findChromium()
    if (executablePath === null) return t.skip('there is no Chromium')
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
    t.after(() => browser.close())
    const page = await browser.newPage()
    // The test's own limit ends what waits for nothing.
    page.setDefaultTimeout(240_000)
    const slips: string[] = []
    page.on('pageerror', (error) => slips.push(String(error)))
    page.on('console', (message) => slips.push(message.text()))
    page.on('request', (request) => {
      if (![origin, base].includes(new URL(request.url()).origin)) slips.push(request.url())
    })
    const startServer = async (env: Record<string, string>) => {
      const server = start('node', [fileOf('examples/front-end/server.mjs')], {
        ...{ MARQUEE: base, PUBLIC_KEY: keys.public, TOKEN_SECRET: secret },
        ...{ PORT: new URL(origin).port, ...env },
      })
      t.after(server.kill)
      await until(() => server.written.out.includes('\n'))
      return server
    }
    const stranger = await startServer({})
    await page.goto(`${origin}/`)
    const linesOf = (list: string) => page.locator(`${list} li`).allTextContents()
    await page.locator('#popular-list li').nth(9).waitFor()
    const popular = await dataOf(
      marquee.GET('/v1/movies/rankings/popular', { params: { query: { n: 10 } } }),
    )
    for (const [i, line] of (await linesOf('#popular-list')).entries()) {
      const { displayTitle, year, ratings } = popular.items[i]!
      assert.ok(line.startsWith(`${displayTitle} (${year})${ratings} ratings`), line)
    }

    assert.equal(await page.getByRole('heading', { name: 'For you' }).count(), 0)
    stranger.kill()
    await stranger.ended

    const server = await startServer({ USER_ID: '15' })
    await page.reload()
    await page.locator('#user-list li').nth(9).waitFor()
    assert.match((await linesOf('#user-list')).join('\n'), /because you liked /)
    await checkLooks(page)
    assert.deepEqual(slips, [])
    server.kill()
    await server.ended

    await startServer({ PUBLIC_KEY: 'wrong' })
    await page.reload()
    await page.locator('[role=status]', { hasText: 'The key is not' }).waitFor()
  })

  await t.test('no rating is lost while Marquee or the backend is away', async (t) => {
    const outbox = join(await temporaryFolder(t), 'outbox.ndjson')
    const port = await freePort()
    const settings = { MARQUEE: `http://127.0.0.1:${port}`, MARQUEE_KEY: keys.write }
    const startBackend = async (env: Record<string, string> = settings) => {
      const backend = start('node', [fileOf('examples/backend.mjs')], {
        ...{ ...settings, OUTBOX: outbox, PORT: '0', ...env },
      })
      t.after(backend.kill)
      await until(() => backend.written.out.includes('\n'))
      const address = `${backend.written.out.trim()}/ratings`
      const rate = async (body: object) => {
        const headers = { 'content-type': 'application/json' }
        const options = { method: 'POST', headers, body: JSON.stringify(body) }
        return (await fetch(address, options)).status
      }
      return { ...backend, rate }
    }
    const rated = (movieId: string) => ({ userId: 'ann', movieId, rating: 4 })
    const first = await startBackend()
    for (const movieId of ['318', '858']) assert.equal(await first.rate(rated(movieId)), 202)
    assert.equal(await first.rate({ userId: 'ann' }), 400)
    await until(() => first.written.error.includes('Trying again'))
    first.kill()
    await first.ended
    // What a loss of power may leave.
    await appendFile(outbox, '{"userId":"ann","movieId":"29')

    const second = await startBackend()
    assert.equal(await second.rate(rated('296')), 202)
    assert.equal(await second.rate({ ...rated('1'), rating: 77 }), 202)
    const back = createServer((socket) => {
      const onward = connect(Number(new URL(base).port), '127.0.0.1')
      socket.pipe(onward).pipe(socket)
      for (const one of [socket, onward]) one.on('error', () => {})
    }).listen(port, '127.0.0.1')
    t.after(() => back.close())
    await until(() => second.written.error.includes('Refused'))
    assert.equal(await second.rate(rated('593')), 202)
    const known = () =>
      dataOf(marquee.GET('/v1/users/{userId}/ratings', { params: { path: { userId: 'ann' } } }))
    await until(async () => (await known()).items.length === 4)
    assert.match(second.written.error, /^Refused: .*"rating":77.* expected a rating from/m)

    await until(
      async () => Number(await readFile(`${outbox}.sent`, 'utf8')) === (await stat(outbox)).size,
    )
    second.kill()
    await second.ended

    // What is sent is not kept, and what comes then is kept as before.
    const third = await startBackend({ MARQUEE: `http://127.0.0.1:${await freePort()}` })
    assert.equal(await readFile(outbox, 'utf8'), '')
    assert.equal(await third.rate(rated('2571')), 202)
    third.kill()
    await third.ended
    // As a loss of power may leave the number of before the file was emptied.
    await writeFile(`${outbox}.sent`, '9999')
    await startBackend()
    await until(async () => (await known()).items.length === 5)
  })
})
