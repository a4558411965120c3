import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { generateSerialisers } from '../../src/http/out/serialisation.ts'
import { exampleIds, openExampleApp } from '../http/example-app.ts'
import { listen } from '../support/app.ts'
import { type Answer, checkAnswer } from '../support/fuzz/check-answer.ts'
import { operations } from '../support/fuzz/document.ts'
import { createPools } from '../support/fuzz/pools.ts'
import { runFuzz } from '../support/fuzz/run-fuzz.ts'
import { smallArchive } from '../support/fuzz/small-archive.ts'
import { redisOfFile } from '../support/redis.ts'

const { server } = await redisOfFile()
// As `serve` does before it listens.
generateSerialisers()

async function openBench(t: TestContext) {
  const { app, jobIds } = await openExampleApp(t, server.url, { hasEarlier: true })
  const known = {
    user: ['15', '16', '17', '18'],
    movie: ['318', '296', '356', '2571', '1', '4973'],
    model: [exampleIds.serving, exampleIds.earlier],
    job: [jobIds.queued, jobIds.cancelled],
    schedule: ['nightly'],
    genre: ['Drama'],
  }
  const files = { archive: await smallArchive() }
  return { base: await listen(app), pools: () => createPools(known), files }
}

test('whatever it is asked, each answer is one that openapi.yaml describes', async (t) => {
  const { pools, ...bench } = await openBench(t)
  const { violations, statuses } = await runFuzz({
    ...{ ...bench, pools: pools(), seed: 7, requests: 300, isBusy: true },
  })
  assert.deepEqual(violations, [])
  assert.ok(Object.keys(statuses).length > operations.length / 2)
  const met = new Set(Object.values(statuses).flatMap((counts) => Object.keys(counts)))
  for (const status of ['200', '400', '404']) assert.ok(met.has(status), `${status} was met`)
})

test('answers off their schema are found, with the request that can be sent again', async (t) => {
  const { base, pools, files } = await openBench(t)
  const planted = await plantFaults(t, base)
  const { violations } = await runFuzz({
    ...{ base: planted, pools: pools(), files, seed: 7, requests: 150, isBusy: true },
  })
  const wanted = /^request \d+ of seed 7, .*listGenres, .*off its schema: .*must be integer/
  assert.ok(violations.some((line) => wanted.test(line)))
})

/** A server between, which gives the counts of genres as text. */
async function plantFaults(t: TestContext, base: string): Promise<string> {
  const between = createServer((asked, reply) => {
    const { method, url, rawHeaders } = asked
    const { hostname, port } = new URL(base)
    const passed = request({ hostname, port, method, path: url, headers: rawHeaders }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      const end = () => {
        const text = Buffer.concat(chunks)
        const isPlanted = url === '/v1/genres' && answer.statusCode === 200
        const { 'content-length': _, ...headers } = answer.headers
        reply.writeHead(answer.statusCode!, headers)
        reply.end(isPlanted ? text.toString().replaceAll(/:(\d+)/g, ':"$1"') : text)
      }
      // Streams of events do not end by themselves.
      if (answer.headers['content-type']?.startsWith('text/event-stream')) {
        end()
        answer.destroy()
      } else answer.once('end', end)
    })
    passed.once('error', () => reply.destroy())
    asked.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(between, 'listening')
  t.after(() => {
    between.closeAllConnections()
    between.close()
  })
  return `http://127.0.0.1:${(between.address() as AddressInfo).port}`
}

test('each way in which an answer can be wrong is found', () => {
  const operation = operations.find(({ id }) => id === 'putRating')!
  const asked = { operation, method: 'PUT', path: '/v1/users/1/ratings/1', isAddressed: true }
  const json = { 'content-type': 'application/json' }
  const problem = { 'content-type': 'application/problem+json' }
  const answer = (status: number, body: unknown, headers: Answer['headers'] = problem): Answer => {
    return { status, headers, body: Buffer.from(JSON.stringify(body)), ms: 1 }
  }
  const said = (given: Answer, more: object = {}) =>
    checkAnswer({ ...asked, ...more }, given, ['/var/store']).join('; ')
  const refusal = {
    ...{ type: '/docs/errors#invalid-request', title: 'It is not valid', status: 400 },
    ...{ detail: 'No.', instance: '#1', code: 'invalid-request', errors: [] },
  }
  assert.equal(said(answer(400, refusal)), '')
  assert.match(said(answer(400, { ...refusal, status: 404 })), /400 says 404/)
  assert.match(
    said(answer(400, { ...refusal, code: 'unknown-user' })),
    /unknown-user.*not documented/,
  )
  assert.match(said(answer(400, { ...refusal, detail: 7 })), /detail must be string/)
  assert.match(said(answer(400, { ...refusal, detail: 'no /var/store' })), /tells "\/var\/store"/)
  assert.match(said(answer(400, refusal, json)), /of type application\/json/)
  assert.match(said(answer(418, refusal)), /418 is not documented/)
  assert.match(said(answer(404, refusal)), /404 is not documented/)
  assert.match(said(answer(500, { ...refusal, status: 500, code: 'internal' })), /^500: /)
  assert.match(said(answer(200, {}, json)), /must have required property/)
  assert.match(said({ ...answer(400, refusal), ms: 6_000 }), /took 6000 ms/)
  assert.match(said({ ...answer(0, ''), status: 0 }), /no answer/)
  const genres = operations.find(({ id }) => id === 'deleteRating')!
  assert.match(said({ ...answer(204, 'x') }, { operation: genres }), /204 has a body/)
})

test('a body that its own schema refuses may not be taken', () => {
  const operation = operations.find(({ id }) => id === 'patchMovie')!
  const json = { value: { hidden: 'perhaps' }, type: 'application/json' }
  const asked = { operation, method: 'PATCH', path: '/v1/movies/1', isAddressed: true, json }
  const headers = { 'content-type': 'application/json' }
  const answer = { status: 200, headers, body: Buffer.from('{}'), ms: 1 }
  assert.match(checkAnswer(asked, answer, []).join(), /took a body that its own schema refuses/)
})
