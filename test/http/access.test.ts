import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Role } from '../../src/config.ts'
import { fixedKeys, keysOfEnvironment } from '../../src/http/keys/api-keys.ts'
import { apiKeys, keyEntries, keys, openApp, queueWithoutRedis, sha256 } from '../support/app.ts'

/** Who may call what. A route that is not in here fails the test. */
const table: Record<string, 'public' | 'read' | 'write' | 'admin'> = {
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /metrics': 'read',
  'GET /openapi.json': 'public',
  'GET /': 'public',
  'GET /console': 'public',
  'GET /console/*': 'public',
  'GET /docs': 'public',
  'GET /docs/*': 'public',
  'GET /docs/errors': 'public',
  'GET /docs/json': 'public',
  'GET /docs/yaml': 'public',
  'GET /docs/static/*': 'public',
  'GET /v1/users/:userId/predictions/:movieId': 'read',
  'POST /v1/predictions': 'read',
  'GET /v1/users/:userId/recommendations': 'read',
  'POST /v1/recommendations': 'read',
  'POST /v1/recommendations/batch': 'read',
  'GET /v1/batches': 'read',
  'GET /v1/batches/:id': 'read',
  'GET /v1/batches/:id/parts/:part': 'read',
  'POST /v1/batches/inputs': 'admin',
  'DELETE /v1/batches/:id': 'admin',
  'GET /v1/users/:userId/explanations/:movieId': 'read',
  'GET /v1/users/:userId/similar': 'read',
  'GET /v1/movies/:movieId/similar': 'read',
  'GET /v1/movies/rankings/bias': 'read',
  'GET /v1/movies/rankings/mean': 'read',
  'GET /v1/movies/rankings/popular': 'read',
  'GET /v1/movies/rankings/trending': 'read',
  'GET /v1/movies': 'read',
  'GET /v1/movies/:movieId': 'read',
  'GET /v1/genres': 'read',
  'GET /v1/users/:userId/ratings': 'read',
  'GET /v1/users/:userId/ratings/:movieId': 'read',
  'PUT /v1/movies/:movieId': 'write',
  'PATCH /v1/movies/:movieId': 'write',
  'DELETE /v1/movies/:movieId': 'write',
  'GET /v1/movie-map': 'read',
  'GET /v1/ratings/crosstab': 'read',
  'GET /v1/models/:version/report': 'read',
  'GET /v1/schedules': 'read',
  'GET /v1/schedules/:name': 'read',
  'GET /v1/training-jobs': 'read',
  'GET /v1/training-jobs/:id': 'read',
  'GET /v1/training-jobs/:id/events': 'read',
  'GET /v1/engines': 'read',
  'GET /v1/models': 'read',
  'GET /v1/models/:version': 'read',
  'GET /v1/models/:version/compare/:other': 'read',
  'GET /v1/experiments': 'read',
  'GET /v1/experiments/:name': 'read',
  'PUT /v1/users/:userId/ratings/:movieId': 'write',
  'DELETE /v1/users/:userId/ratings/:movieId': 'write',
  'POST /v1/ratings/batch': 'write',
  'POST /v1/ratings/compaction': 'admin',
  'GET /v1/imports': 'read',
  'GET /v1/imports/:id': 'read',
  'DELETE /v1/imports/:id': 'admin',
  'GET /v1/statistics': 'read',
  'GET /v1/users/:userId/export': 'admin',
  'DELETE /v1/users/:userId': 'admin',
  'GET /v1/erasures/:id': 'admin',
  'GET /v1/ratings/export': 'admin',
  'GET /v1/models/:version/model.safetensors': 'admin',
  'POST /v1/ratings/import': 'write',
  'POST /v1/movies/import': 'write',
  'POST /v1/users/import': 'write',
  'POST /v1/import': 'write',
  'DELETE /v1/schedules/:name': 'admin',
  'POST /v1/schedules/:name/run': 'admin',
  'PUT /v1/schedules/:name': 'admin',
  'PUT /v1/experiments/:name': 'admin',
  'POST /v1/experiments/:name/end': 'admin',
  'DELETE /v1/experiments/:name': 'admin',
  'POST /v1/training-jobs': 'admin',
  'DELETE /v1/training-jobs/:id': 'admin',
  'POST /v1/models/:version/promote': 'admin',
  'POST /v1/models/rollback': 'admin',
}
const callers = ['none', 'wrong', 'expired', 'read', 'write', 'admin'] as const
const mayRead = { public: 6, read: 3, write: 2, admin: 1 }
const expired = {
  name: 'old',
  role: 'admin',
  sha256: sha256('expired'),
  expires: 1,
  limit: null,
} as const

/** The routes as the router has them, without those that Fastify adds for HEAD. */
function routesOf(text: string): string[] {
  const routes: string[] = []
  const path: string[] = []
  for (const line of text.split('\n')) {
    const match = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line)
    if (!match) continue
    const depth = match[1]!.length / 4
    path.length = depth
    path[depth] = match[2]!
    for (const method of match[3]?.split(', ') ?? [])
      if (method !== 'HEAD') routes.push(`${method} ${path.join('')}`)
  }
  return routes
}

test('every route lets in just those that the table names', async (t) => {
  const withExpired = fixedKeys([...keysOfEnvironment(keyEntries), expired])
  const { app, call } = await openApp(t, { apiKeys: withExpired })
  const routes = routesOf(app.printRoutes({ commonPrefix: false }))
  assert.deepEqual([...new Set(routes.map(withoutFileNames))].sort(), Object.keys(table).sort())
  for (const [route, access] of Object.entries(table)) {
    const [method, path] = route.split(' ') as [string, string]
    const url = path.replaceAll(/:\w+/g, 'x').replace('*', 'index.html')
    for (const [rank, caller] of callers.entries()) {
      const key = caller === 'none' ? null : caller in keys ? keys[caller as Role] : caller
      const isLetIn = rank >= callers.length - mayRead[access]
      for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': `${key}` }]) {
        const { status, body } = await call(`${method} ${url}`, key === null ? {} : { headers })
        const expected = isLetIn ? null : rank < 3 ? 'unauthorized' : 'forbidden'
        const got = status === 401 || status === 403 ? body.code : null
        assert.equal(got, expected, `${route} as ${caller}`)
      }
    }
  }
})

/**
 * The pages of the documentation are routes of their own, one for each generated file; the router leaves
 * out the slash before a star.
 */
const withoutFileNames = (route: string) =>
  route
    .replace(/\/static\/.+/, '/static/*')
    .replace(/(?<=\S)\/$/, '')
    .replace(/(?<=\w)\*$/, '/*')

test('whoever is not let in is told how to be', async (t) => {
  const { call } = await openApp(t, { apiKeys })
  const { status, headers, body } = await call('GET /v1/movies')
  assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer realm="marquee"'])
  assert.match(body.detail, /Authorization: Bearer/)
  const low = await call('POST /v1/import', { headers: { 'x-api-key': keys.read } })
  assert.match(low.body.detail, /role write; yours has the role read/)
})

test('through a process that has another store than the others of its Redis nothing is changed', async (t) => {
  const storeFault = () => 'This is another store.'
  const { call } = await openApp(t, { queue: { ...queueWithoutRedis(), storeFault } })
  for (const [route, access] of Object.entries(table)) {
    const [method, path] = route.split(' ') as [string, string]
    const changes = method !== 'GET' && (access === 'write' || access === 'admin')
    const { body } = await call(
      `${method} ${path.replaceAll(/:\w+/g, 'x').replace('*', 'index.html')}`,
    )
    assert.equal(body?.code === 'store-unavailable', changes, route)
  }
})

test('an address with an encoded slash leads to no other rule', async (t) => {
  const { call } = await openApp(t, { apiKeys })
  for (const path of ['/v1%2Fmovies', '/v1//movies', '/docs/..%2f..%2fv1/movies', '/V1/movies'])
    assert.equal((await call(`GET ${path}`)).status, 404, path)
})

test('a body is not read before its sender is known', async (t) => {
  const { call, store } = await openApp(t, { apiKeys })
  const { status } = await call('POST /v1/training-jobs', { payload: '{' })
  assert.equal(status, 401)
  assert.deepEqual(await store.list(''), [])
})

test('keys are never logged', async (t) => {
  const { call, lines } = await openApp(t, { apiKeys })
  await call('GET /v1/movies', { headers: { authorization: `Bearer ${keys.admin}` } })
  await call('GET /v1/movies', { headers: { 'x-api-key': 'nonsense' } })
  assert.ok(lines.length >= 2)
  assert.doesNotMatch(JSON.stringify(lines), new RegExp(`${keys.admin}|nonsense`))
})

test('without keys this machine is let in, under a name of its own only', async (t) => {
  const { call } = await openApp(t)
  for (const host of ['localhost:3000', '127.0.0.1:3000', '127.0.0.1', '[::1]:3000'])
    assert.equal((await call('GET /v1/movies', { headers: { host } })).status, 200, host)
  for (const host of [
    'evil.example',
    'localhost.evil.example:3000',
    '192.168.0.7',
    '127.0.0.1.x',
  ]) {
    const { status, body } = await call('GET /v1/movies', { headers: { host } })
    assert.deepEqual([status, body.code], [403, 'forbidden'], host)
  }
})

test('without keys no page of another site is let in', async (t) => {
  const { call } = await openApp(t)
  const from = async (origin: string) =>
    (await call('GET /v1/movies', { headers: { origin } })).status
  assert.equal(await from('http://localhost:5173'), 200)
  assert.equal(await from('https://evil.example'), 403)
  assert.equal(await from('null'), 403)
})
