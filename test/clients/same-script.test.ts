// Takes some 10 s: two trainings in processes started as users start them.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { request as ask, createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../storage/bodies.ts'
import { sha256 } from '../support/app.ts'
import { redisOfFile } from '../support/redis.ts'
import { fewOfSample } from '../support/sample-ratings.ts'
import { noPython, runPython } from './run-python.ts'
import { runScript } from './script.ts'
import { quickTraining, startService } from './service.ts'

const { server: redis } = await redisOfFile()
const key = 'clients-admin'

/**
 * What is between clients and service: it notes what is asked, refuses the first question for genres, and
 * cuts the first stream of events in the midst of its second epoch.
 */
async function between(t: TestContext, base: string) {
  const asked: string[] = []
  let [hasRefused, hasCut] = [false, false]
  const server = createServer((incoming, outgoing) => {
    const { method, url = '', headers } = incoming
    let body = ''
    incoming.on('data', (bytes) => {
      body += bytes
    })
    incoming.on('end', () => asked.push(`${method} ${url} ${sentOf(incoming, body)}`))
    if (url === '/v1/genres' && !hasRefused) {
      hasRefused = true
      outgoing.writeHead(503, { 'retry-after': '0.01' }).end()
      return
    }
    const isCut = url.endsWith('/events') && !hasCut
    const onward = ask(base + url, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers)
      if (!isCut) return answer.pipe(outgoing)
      hasCut = true
      let sent = ''
      answer.on('data', (bytes: Buffer) => {
        sent += bytes
        const end = sent.indexOf('event: epoch', sent.indexOf('event: epoch') + 1)
        if (end < 0) return outgoing.write(bytes)
        outgoing.write(bytes.subarray(0, Math.max(0, bytes.length - (sent.length - end - 9))))
        answer.destroy()
        setTimeout(() => outgoing.destroy(), 20)
      })
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What was asked since the last call, what is asked again and again once, without what is drawn anew. */
    take() {
      const told = asked.splice(0).map((one) => one.replaceAll(drawn, '*'))
      ;[hasRefused, hasCut] = [false, false]
      return told.filter((one, i) => one !== told[i - 1] || one.includes('/genres'))
    },
  }
}

/** What a request carries that is of account here. */
function sentOf({ headers }: IncomingMessage, body: string): string {
  const kind = headers['content-type'] ?? ''
  const text = kind.includes('json') ? JSON.stringify(JSON.parse(body)) : `${body.length} bytes`
  const [isKnown, isOnce] = [
    headers.authorization === `Bearer ${key}`,
    'idempotency-key' in headers,
  ]
  const after = headers['last-event-id'] === undefined ? '' : 'after the last event'
  return `${kind} ${text} ${isKnown ? 'key' : ''} ${isOnce ? 'once' : ''} ${after}`
}

/** Ids and cursors. */
const drawn =
  /job-[0-9a-f]{24}|\d{8}t\d{9}-[0-9a-f]+|\d{13}-[0-9a-f]+|(?<=cursor=)[^& ]+|(?<=imports\/)[^ ]+/g

/** What a script told, without what differs from one training, import or second to the next. */
// biome-ignore lint/suspicious/noExplicitAny: what is told is of many forms.
function lasting(told: unknown): Record<string, any> {
  const differs = ['model', 'segment', 'nextCursor', 'seconds', 'ratingsPerSecond', 'timestamp']
  return JSON.parse(JSON.stringify(told), (name, value) => (differs.includes(name) ? null : value))
}

test('both clients ask the same of one service, and tell the same of its answers', {
  skip: noPython,
}, async (t) => {
  const base = await startService(t, {
    redisUrl: redis.url,
    MARQUEE_API_KEYS: `admin:${sha256(key)}`,
  })
  const folder = await temporaryFolder(t)
  for (const [name, text] of Object.entries(await fewOfSample(40)))
    await writeFile(join(folder, `${name}.csv`), text)
  const { address, take } = await between(t, base)
  const job = { ...quickTraining, promote: 'manual' }

  const byTypeScript = await runScript(address, key, folder, job)
  const askedByTypeScript = take()
  const script = fileURLToPath(new URL('script.py', import.meta.url))
  const byPython = JSON.parse(await runPython([script, address, key, folder, JSON.stringify(job)]))
  const askedByPython = take()

  // What they are alike in is what is meant.
  const told = lasting(byTypeScript)
  assert.equal(told['state'], 'completed')
  assert.deepEqual(
    told['events'].map(([type]: [string]) => type),
    ['started', 'epoch', 'epoch', 'epoch', 'ended'],
  )
  const [before, after] = told['lists'].map(({ items }: { items: { movieId: string }[] }) =>
    items.map(({ movieId }) => movieId),
  )
  assert.equal(before.length, 5)
  assert.ok(!after.includes(before[0]))
  assert.ok(told['pages'].length > 20)
  assert.equal(new Set(told['pages']).size, told['pages'].length)
  assert.deepEqual(
    told['problems'].map(([status, code, , , isNamed]: unknown[]) => [status, code, isNamed]),
    [
      [404, 'unknown-movie', true],
      [400, 'invalid-request', true],
    ],
  )
  const [batch, rated, , left] = told['erased']
  assert.deepEqual(
    [batch.accepted, rated, left],
    [
      3,
      [
        ['296', 5],
        ['318', 5],
      ],
      [],
    ],
  )
  assert.equal(askedByTypeScript.filter((one) => one.includes('/genres')).length, 2)
  assert.equal(askedByTypeScript.filter((one) => one.includes('after the last event')).length, 1)

  assert.deepEqual(lasting(byPython), told)
  assert.deepEqual(askedByPython, askedByTypeScript)
})
