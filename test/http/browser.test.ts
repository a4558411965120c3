import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { apiKeys, keys, listen, openApp, tokenOf } from '../support/app.ts'
import { findChromium } from '../support/chromium.ts'
import { dotBiasModel } from '../support/models.ts'
import { startRedis } from '../support/redis.ts'

const run = promisify(execFile)

/** Serves a page with a script, as it is when it is asked for, at an origin of its own. */
async function servePage(t: TestContext, script: () => string): Promise<string> {
  const server = createServer((_request, response) => {
    const module = `<script type="module">${script()}</script>`
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><title>A page</title><p id="out">nothing</p>${module}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What a page does with the API at an address: reads with a public key and a token, and a change. */
const scriptFor = (api: string, token: string) => `
  const out = document.getElementById('out')
  const headers = { authorization: 'Bearer ${token}', 'content-type': 'application/json' }
  try {
    const list = await fetch('${api}/v1/users/u1/recommendations', { headers })
    const body = JSON.stringify({ rating: 4 })
    const put = await fetch('${api}/v1/users/u1/ratings/m1', { method: 'PUT', headers, body })
    const other = await fetch('${api}/v1/users/u2/recommendations', { headers })
    const key = { 'x-api-key': '${keys.public}' }
    const top = await fetch('${api}/v1/movies/rankings/bias', { headers: key })
    const statuses = [list, put, other, top].map(({ status }) => status)
    out.textContent = [list.headers.get('etag') !== null, ...statuses].join(' ')
  } catch (error) {
    out.textContent = error.name
  }`

test('in a browser a page of an allowed origin calls the API with a token or a key, and no other can', async (t) => {
  const chromium = await findChromium()
  if (chromium === null) return t.skip('there is no Chromium')
  let script = ''
  const [ours, theirs] = [await servePage(t, () => script), await servePage(t, () => script)]
  const server = await startRedis()
  t.after(() => server.stop())
  const redis = { redisUrl: server.url, prefix: 'browser' }
  const { app, publish, serving } = await openApp(t, { redis, apiKeys, corsOrigins: [ours] })
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  script = scriptFor(await listen(app), await tokenOf('u1', 'rate'))
  const shown = async (origin: string) => {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--virtual-time-budget=10000']
    const { stdout } = await run(chromium, [...flags, '--dump-dom', origin])
    return /<p id="out">(.*?)<\/p>/.exec(stdout)?.[1]
  }
  assert.equal(await shown(ours), 'true 200 200 403 200')
  assert.equal(await shown(theirs), 'TypeError')
})
