#!/usr/bin/env node
// The backend of a site, of which this is the part that tells Marquee what people rate, as they rate it.
//
//     MARQUEE=http://127.0.0.1:3000 MARQUEE_KEY=… node examples/backend.mjs    # a key with the role "write"
//     curl http://127.0.0.1:8080/ratings -H 'content-type: application/json' \
//          -d '{"userId": "15", "movieId": "318", "rating": 4.5}'
//
// A rating is answered once it is on disk (in OUTBOX), and goes to Marquee from there: while that is away, or
// this program is, the file waits, and nothing is lost. To send a rating twice does no harm.
import { createHash } from 'node:crypto'
import { open, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'

const {
  MARQUEE: marquee = 'http://127.0.0.1:3000',
  MARQUEE_KEY: key = '',
  OUTBOX: outbox = 'outbox.ndjson',
  PORT: port = '8080',
} = process.env
/** Of one request: less than the 10,000 ratings that it may have. */
const mostBytes = 500_000

const file = await open(outbox, 'a+')
/** How much of the file Marquee has; kept beside it. */
let sent = Number(await readFile(`${outbox}.sent`, 'utf8').catch(() => 0))
const kept = await readFile(outbox)
// A number beyond the end is one of before the file was emptied: to send all again does no harm.
const isBehind = sent > kept.length
const isSent = sent === kept.length
// A line that was not finished has been answered to nobody; and what is sent is not kept for ever.
await file.truncate(isSent ? 0 : kept.lastIndexOf('\n') + 1)
await file.sync()
if (isSent || isBehind) await moveTo(0)
/** How much of the file would outlast a loss of power. */
let { size: synced } = await file.stat()

const id = { type: 'string', minLength: 1, maxLength: 128 }
const body = {
  type: 'object',
  required: ['userId', 'movieId', 'rating'],
  properties: { userId: id, movieId: id, rating: { type: 'number' } },
}
let wake = () => {}
const app = fastify()
app.post('/ratings', { schema: { body } }, async (request, reply) => {
  // A site takes the user from its session, not from the body.
  const { userId, movieId, rating } = request.body
  await keep({ userId, movieId, rating, timestamp: Math.floor(Date.now() / 1_000) })
  wake()
  reply.code(202)
  return {}
})

let lastWrite = Promise.resolve()
/** Resolves when the rating would outlast a loss of power. */
function keep(rating) {
  const write = async () => {
    try {
      await file.appendFile(`${JSON.stringify(rating)}\n`)
      await file.datasync()
      synced = (await file.stat()).size
    } catch (error) {
      await file.truncate(synced)
      throw error
    }
  }
  lastWrite = lastWrite.then(write, write)
  return lastWrite
}

/** Sends what is in the file from where it was left, for ever. */
async function send() {
  for (;;) {
    const woken = new Promise((resolve) => {
      wake = resolve
    })
    const lines = await unsent()
    if (lines.length === 0) {
      await woken
      continue
    }
    const { results } = await tell(lines)
    for (const { line, reason } of results)
      if (reason !== null)
        console.error(`Refused: ${lines.toString().split('\n')[line - 1]} ${reason}`)
    await moveTo(sent + lines.length)
  }
}

/** Notes what is sent, with one rename, so that whoever starts again finds the old number or the new one. */
async function moveTo(place) {
  await writeFile(`${outbox}.sent.new`, `${place}`, { flush: true })
  await rename(`${outbox}.sent.new`, `${outbox}.sent`)
  await syncFolder()
  sent = place
}

/** So that names in it outlast a loss of power, too. */
async function syncFolder() {
  const folder = await open(dirname(outbox))
  await folder.sync().finally(() => folder.close())
}

/** Whole lines that are on disk and that Marquee does not have yet, as many as go into a request. */
async function unsent() {
  const bytes = Buffer.alloc(Math.min(mostBytes, synced - sent))
  await file.read(bytes, 0, bytes.length, sent)
  return bytes.subarray(0, bytes.lastIndexOf('\n') + 1)
}

/** What became of each line; asks until there is an answer, ever more slowly. */
async function tell(lines) {
  const headers = {
    'content-type': 'application/x-ndjson',
    // Of these lines at this place: what is sent again counts once.
    'idempotency-key': createHash('sha256').update(`${sent}\n`).update(lines).digest('hex'),
    ...(key && { authorization: `Bearer ${key}` }),
  }
  for (let failures = 1; ; failures += 1) {
    try {
      const request = { method: 'POST', headers, body: lines, signal: AbortSignal.timeout(30_000) }
      const response = await fetch(`${marquee}/v1/ratings/batch`, request)
      const answer = await response.json().catch(() => null)
      if (response.ok) return answer
      throw new Error(answer?.detail ?? `Marquee answered ${response.status}.`)
    } catch (error) {
      const seconds = Math.min(30, 0.25 * 2 ** failures)
      console.error(`${error.cause?.message ?? error.message} Trying again in ${seconds} s.`)
      await sleep(1_000 * seconds)
    }
  }
}

console.log(await app.listen({ host: '127.0.0.1', port: Number(port) }))
await send()
