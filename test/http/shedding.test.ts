import assert from 'node:assert/strict'
import { request } from 'node:http'
import { type TestContext, test } from 'node:test'
import Fastify from 'fastify'
import { handleErrors } from '../../src/http/errors/error-handling.ts'
import { operation } from '../../src/http/openapi/operation.ts'
import { shedLoad } from '../../src/http/shedding.ts'
import { keptLog } from '../support/bench.ts'
import { until } from '../support/marquee.ts'

const described = { operationId: 'x', summary: 'x', tags: [] }

/** Works for so long and lets nobody else do anything. */
function work(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** A server with a probe, a dear question of 10 ms and a long one that ends when it is told to. */
async function openServer(t: TestContext) {
  const { logger, lines } = keptLog()
  const app = Fastify()
  const counts = { arrived: 0, dear: 0, cheap: 0, long: 0 }
  app.addHook('onRequest', async () => {
    counts.arrived += 1
  })
  handleErrors(app as never)
  shedLoad(app as never, logger)

  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const dear = operation('read', { ...described, isDear: true })
  const long = operation('read', { ...described, isLong: true })
  app.get('/probe', { config: operation('public', described).config }, async () => 'alive')
  const figures = { access: 'read', isProbe: true } as object
  app.get('/figures', { config: figures }, async () => 'counted')
  app.get('/dear', { config: dear.config }, async () => {
    counts.dear += 1
    work(10)
    return 'made'
  })
  app.get('/cheap', { config: operation('read', described).config }, async () => {
    counts.cheap += 1
    work(130)
    return 'made'
  })
  app.get('/long', { config: long.config }, async () => {
    counts.long += 1
    await ended
    return 'made'
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  return { url, counts, end, lines }
}

test('of more than can be answered each is answered or refused, and probes always are', async (t) => {
  const { url, counts, lines } = await openServer(t)
  const probes: number[] = []
  const all = Array.from({ length: 400 }, async () => {
    const answer = await fetch(`${url}/dear`)
    const body = await answer.text()
    if (answer.status === 200) return 'made'
    assert.equal(answer.status, 503)
    assert.equal(answer.headers.get('retry-after'), '1')
    assert.equal(JSON.parse(body).code, 'overloaded')
    return 'refused'
  })
  const asked = Promise.all(all)
  let isOver = false
  void asked.finally(() => {
    isOver = true
  })
  while (!isOver) probes.push((await fetch(`${url}/probe`)).status)
  const outcomes = await asked
  assert.deepEqual(new Set(outcomes), new Set(['made', 'refused']))
  assert.equal(counts.dear, outcomes.filter((one) => one === 'made').length)
  assert.deepEqual(new Set(probes), new Set([200]))
  await until(() => lines.some(({ msg }) => String(msg).includes('were refused')))
  assert.equal((await fetch(`${url}/dear`)).status, 200)
})

test('a burst that is soon over is answered whole', async (t) => {
  const { url } = await openServer(t)
  const answers = await Promise.all(Array.from({ length: 10 }, () => fetch(`${url}/dear`)))
  assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
})

test('for a client that has gone nothing is computed any more', async (t) => {
  const { url, counts } = await openServer(t)
  const asked = Array.from({ length: 50 }, () => {
    const one = request(`${url}/dear`, { agent: false }).on('error', () => {})
    one.end()
    return one
  })
  await until(() => counts.arrived >= counts.dear + 10)
  for (const one of asked) one.destroy()
  await fetch(`${url}/dear`)
  assert.ok(counts.dear < 51, `${counts.dear} were computed`)
})

test('long answers are made sixteen at a time; what more is asked is refused until one ends', async (t) => {
  const { url, counts, end } = await openServer(t)
  const first = Array.from({ length: 16 }, () => fetch(`${url}/long`))
  await until(() => counts.long === 16)
  assert.equal((await fetch(`${url}/long`)).status, 503)
  assert.equal((await fetch(`${url}/dear`)).status, 200)
  end()
  for (const answer of await Promise.all(first)) assert.equal(await answer.text(), 'made')
  assert.equal((await fetch(`${url}/long`)).status, 200)
})

test('where each turn of the event loop takes long, cheap questions are refused too, not at once', async (t) => {
  const { url, counts } = await openServer(t)
  let refused = 0
  const caller = async () => {
    while (refused < 6) {
      const { status } = await fetch(`${url}/cheap`)
      if (status === 503) refused += 1
    }
  }
  const figures: number[] = []
  const watcher = async () => {
    while (refused < 6) figures.push((await fetch(`${url}/figures`)).status)
  }
  await Promise.all([watcher(), watcher(), ...Array.from({ length: 6 }, caller)])
  // Some turns were late before.
  assert.ok(counts.cheap > 8, `${counts.cheap} were made`)
  assert.deepEqual(new Set(figures), new Set([200]))
  assert.equal((await fetch(`${url}/probe`)).status, 200)
})
