import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Access } from '../../src/http/access.ts'
import { fixedKeys, keysOfEnvironment } from '../../src/http/keys/api-keys.ts'
import type { TokenSecret } from '../../src/http/keys/user-tokens.ts'
import {
  apiKeys,
  keyEntries,
  keys,
  openApp,
  queueWithoutRedis,
  sha256,
  tokenOf,
  tokenSecret,
} from '../support/app.ts'

type Call = Awaited<ReturnType<typeof openApp>>['call']

/** Who may call what. A route that is not in here fails the test. */
const table: Record<string, Access> = {
  'GET /health/live': 'anyone',
  'GET /health/ready': 'anyone',
  'GET /metrics': 'read',
  'GET /openapi.json': 'anyone',
  'GET /': 'anyone',
  'GET /console': 'anyone',
  'GET /console/*': 'anyone',
  'GET /docs': 'anyone',
  'GET /docs/*': 'anyone',
  'GET /docs/errors': 'anyone',
  'GET /docs/json': 'anyone',
  'GET /docs/yaml': 'anyone',
  'GET /docs/static/*': 'anyone',
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
  'GET /v1/movies/:movieId/similar': 'public',
  'GET /v1/movies/rankings/bias': 'public',
  'GET /v1/movies/rankings/mean': 'public',
  'GET /v1/movies/rankings/popular': 'public',
  'GET /v1/movies/rankings/trending': 'public',
  'GET /v1/movies': 'public',
  'GET /v1/movies/:movieId': 'public',
  'GET /v1/genres': 'public',
  'GET /v1/users/:userId/ratings': 'read',
  'GET /v1/users/:userId/ratings/:movieId': 'read',
  'PUT /v1/movies/:movieId': 'write',
  'PATCH /v1/movies/:movieId': 'write',
  'DELETE /v1/movies/:movieId': 'write',
  'GET /v1/movie-map': 'public',
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
const callers = ['none', 'wrong', 'expired', 'forged', 'public', 'read', 'write', 'admin'] as const
const wrongCallers = 4
const mayCall = { anyone: 8, public: 4, read: 3, write: 2, admin: 1 }

/** What the token of a user opens beside what a public key does, for that user; with which scope. */
const ownOfUser: Record<string, '' | 'rate'> = {
  'GET /v1/users/:userId/predictions/:movieId': '',
  'GET /v1/users/:userId/recommendations': '',
  'GET /v1/users/:userId/explanations/:movieId': '',
  'GET /v1/users/:userId/ratings': '',
  'GET /v1/users/:userId/ratings/:movieId': '',
  'POST /v1/predictions': '',
  'POST /v1/recommendations': '',
  'POST /v1/recommendations/batch': '',
  'PUT /v1/users/:userId/ratings/:movieId': 'rate',
  'DELETE /v1/users/:userId/ratings/:movieId': 'rate',
}
/** The bodies of those that name their users there. */
const bodiesFor: Record<string, (users: unknown[]) => object[]> = {
  'POST /v1/predictions': (users) => [
    { pairs: users.map((userId) => ({ userId, movieId: 'm1' })) },
    ...users.map((userId) => ({ userId, movieIds: ['m1'] })),
  ],
  'POST /v1/recommendations': (users) => users.map((userId) => ({ userId })),
  'POST /v1/recommendations/batch': (users) => [{ users: users.map((userId) => ({ userId })) }],
}
const addressOf = (path: string, userId = 'x') =>
  path
    .replace(':userId', encodeURIComponent(userId))
    .replaceAll(/:\w+/g, 'x')
    .replace('*', 'index.html')
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
  const sent: Record<string, string> = { ...keys, forged: await signedBy('x'.repeat(43), claims()) }
  for (const [route, access] of Object.entries(table)) {
    const [method, path] = route.split(' ') as [string, string]
    const url = addressOf(path)
    for (const [rank, caller] of callers.entries()) {
      const key = caller === 'none' ? null : (sent[caller] ?? caller)
      const isLetIn = rank >= callers.length - mayCall[access]
      for (const headers of [{ authorization: `Bearer ${key}` }, { 'x-api-key': `${key}` }]) {
        const { status, body } = await call(`${method} ${url}`, key === null ? {} : { headers })
        const expected = isLetIn ? null : rank < wrongCallers ? 'unauthorized' : 'forbidden'
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

/** The claims of a good token. */
const claims = (more: object = {}) => {
  const now = Math.floor(Date.now() / 1_000)
  return { sub: 'x', aud: 'marquee', iat: now, exp: now + 60, ...more }
}
const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** A token as any library makes it, with what is said. */
async function signedBy(secret: string, payload: object, alg = 'HS256'): Promise<string> {
  const text = `${encoded({ alg })}.${encoded(payload)}`
  const hash = `sha${alg.slice(2)}`
  const mac = alg.startsWith('HS') ? createHmac(hash, secret).update(text).digest('base64url') : ''
  return `${text}.${mac}`
}

/** Of each operation, how a token fares with what it may not have, and with what is its user's. */
async function codesOf(call: Call, token: string, userId: string, otherId: string) {
  const ask = async (route: string, asked: string, payload?: object) => {
    const [method, path] = route.split(' ') as [string, string]
    const headers = {
      authorization: `Bearer ${token}`,
      ...(payload && { 'content-type': 'application/json' }),
    }
    const { status, body } = await call(`${method} ${addressOf(path, asked)}`, {
      headers,
      ...(payload && { payload: JSON.stringify(payload) }),
    })
    return status === 401 || status === 403 ? body.code : null
  }
  const own: Record<string, unknown> = {}
  const other: Record<string, unknown> = {}
  for (const route of Object.keys(table)) {
    const bodies = bodiesFor[route]
    if (bodies) {
      own[route] = await Promise.all(bodies([userId, userId]).map((body) => ask(route, '', body)))
      const [mixed, all] = [bodies([userId, otherId]), bodies([otherId])]
      // Of two that are asked for one by one the first is the token's own.
      const refused = [...all, ...(route.endsWith('recommendations') ? [] : mixed.slice(0, 1))]
      other[route] = await Promise.all(refused.map((body) => ask(route, '', body)))
    } else {
      own[route] = [await ask(route, userId)]
      if (route.includes(':userId')) other[route] = [await ask(route, otherId)]
    }
  }
  return { own, other }
}

test('a user token opens what is of its own user, and what a public key does', async (t) => {
  const { call } = await openApp(t, { apiKeys })
  for (const scopes of [[], ['rate']] as const) {
    const token = await tokenOf('A/1', ...scopes)
    const { own, other } = await codesOf(call, token, 'A/1', 'B')
    for (const [route, access] of Object.entries(table)) {
      const needed = ownOfUser[route]
      const isOwn = needed !== undefined && (needed === '' || scopes.some((one) => one === needed))
      const isOpen = access === 'anyone' || access === 'public'
      const expected = isOpen || isOwn ? null : 'forbidden'
      for (const code of own[route] as unknown[]) assert.equal(code, expected, `${route}, own`)
      for (const code of (other[route] as unknown[]) ?? [])
        assert.equal(code, 'forbidden', `${route}, of another user`)
    }
  }
})

test('an id is the user of a token if it is the same text, and in no other case', async (t) => {
  const { call } = await openApp(t, { apiKeys })
  const ids = fc.oneof(
    fc.constantFrom('1', '01', '1.0', ' 1', '1 ', '%31', 'a', 'A', 'é', 'e\u0301', '..', '*', ','),
    fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }).filter((id) => id.length <= 128),
  )
  const isForbidden = async (token: string, target: string, payload?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const sent = payload && { payload: JSON.stringify(payload) }
    const { status, body } = await call(target, { headers, ...sent })
    assert.notEqual(status, 401)
    // An address cannot name every id.
    return status === 405 ? null : body.code === 'forbidden'
  }
  await fc.assert(
    fc.asyncProperty(ids, ids, async (user, asked) => {
      const token = await tokenOf(user)
      const isOther = user !== asked
      const address = await isForbidden(
        token,
        `GET /v1/users/${encodeURIComponent(asked)}/recommendations`,
      )
      assert.ok(address === null || address === isOther, 'in an address')
      const pairs = [user, asked].map((userId) => ({ userId, movieId: 'm' }))
      assert.equal(await isForbidden(token, 'POST /v1/predictions', { pairs }), isOther)
      const users = [{ userId: asked }, { userId: user }]
      assert.equal(await isForbidden(token, 'POST /v1/recommendations/batch', { users }), isOther)
    }),
    { numRuns: 100 },
  )
  // Neither a number nor somebody unknown is its user.
  const token = await tokenOf('1')
  const rated = [{ movieId: 'm', rating: 3 }]
  for (const user of [{ userId: 1 }, { userId: ['1'] }, { ratings: rated }, null, '1', 1, []])
    assert.equal(
      await isForbidden(token, 'POST /v1/recommendations/batch', {
        users: [{ userId: '1' }, user],
      }),
      true,
      JSON.stringify(user),
    )
  for (const body of [{ ratings: rated }, { ratings: rated, movieIds: ['m'] }])
    for (const path of ['predictions', 'recommendations'])
      assert.notEqual(await isForbidden(token, `POST /v1/${path}`, body), null)
})

test('a token that is not just as it should be opens nothing that needs one', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2030-01-01T00:00:00Z') })
  const old: TokenSecret = { ...tokenSecret, name: 'old', secret: 'o'.repeat(40), expires: 1 }
  const next: TokenSecret = { ...tokenSecret, name: 'next', secret: 'n'.repeat(40) }
  const { call } = await openApp(t, {
    apiKeys: fixedKeys(keysOfEnvironment(keyEntries), [old, tokenSecret, next]),
  })
  const { secret } = tokenSecret
  const now = claims().iat
  const [head, body, mac] = (await signedBy(secret, claims())).split('.') as [
    string,
    string,
    string,
  ]
  const good = {
    'as any library makes it': `${head}.${body}.${mac}`,
    'by another secret that is good': await signedBy(next.secret, claims()),
    'with several audiences': await signedBy(secret, claims({ aud: ['x', 'marquee'] })),
    'of a clock that is a little fast': await signedBy(
      secret,
      claims({ iat: now + 20, nbf: now + 20 }),
    ),
    'for a day': await signedBy(secret, claims({ exp: now + 86_400 })),
    'with what is not known here': await signedBy(
      secret,
      claims({ iss: 'shop', scope: 'x rate', jti: '1' }),
    ),
  }
  const bad = {
    'without a signature': `${head}.${body}.`,
    'with none as its algorithm': await signedBy(secret, claims(), 'none'),
    'with None': await signedBy(secret, claims(), 'None'),
    'with none and a signature': `${encoded({ alg: 'none' })}.${body}.${mac}`,
    'with a longer hash': await signedBy(secret, claims(), 'HS512'),
    'with the head of another algorithm': `${encoded({ alg: 'RS256' })}.${body}.${mac}`,
    'with other claims': `${head}.${encoded(claims({ sub: 'y' }))}.${mac}`,
    'by nobody who is known': await signedBy('z'.repeat(43), claims()),
    'by the empty secret': await signedBy('', claims()),
    'by a secret that has expired': await signedBy(old.secret, claims()),
    'by the hash of a key': await signedBy(sha256(keys.admin), claims()),
    expired: await signedBy(secret, claims({ iat: now - 600, exp: now - 60 })),
    'not good yet': await signedBy(secret, claims({ nbf: now + 60 })),
    'made later than now': await signedBy(secret, claims({ iat: now + 60, exp: now + 120 })),
    'for more than a day': await signedBy(secret, claims({ exp: now + 86_401 })),
    'for ever': await signedBy(secret, claims({ exp: undefined })),
    'since ever': await signedBy(secret, claims({ iat: undefined })),
    'for another service': await signedBy(secret, claims({ aud: 'shop' })),
    'for no service': await signedBy(secret, claims({ aud: undefined })),
    'for one whose name begins so': await signedBy(secret, claims({ aud: 'marquee2' })),
    'for nobody': await signedBy(secret, claims({ sub: undefined })),
    'for the empty id': await signedBy(secret, claims({ sub: '' })),
    'for a number': await signedBy(secret, claims({ sub: 15 })),
    'for several': await signedBy(secret, claims({ sub: ['x'] })),
    'for an id that is too long': await signedBy(secret, claims({ sub: 'x'.repeat(129) })),
    'with a time that is a text': await signedBy(secret, claims({ exp: `${now + 60}` })),
    'with a time without end': await signedBy(secret, claims({ exp: 1e300 })),
    'with scopes in a list': await signedBy(secret, claims({ scope: ['rate'] })),
  }
  for (const [tokens, status] of [
    [good, 200],
    [bad, 401],
  ] as const)
    for (const [what, token] of Object.entries(tokens))
      for (const headers of [{ authorization: `Bearer ${token}` }, { 'x-api-key': token }]) {
        const answered = await call('GET /v1/genres', { headers })
        assert.equal(answered.status, status, what)
        if (status === 401) assert.equal(answered.body.code, 'unauthorized')
      }
  const kinds = [
    ...(['with none as its algorithm', 'by nobody who is known', 'with other claims'] as const),
    ...(['expired', 'not good yet', 'for another service'] as const),
  ]
  for (const token of kinds.map((kind) => bad[kind]))
    for (const [route, access] of Object.entries(table)) {
      const [method, path] = route.split(' ') as [string, string]
      const { status } = await call(`${method} ${addressOf(path)}`, {
        headers: { authorization: `Bearer ${token}` },
      })
      assert.equal(status === 401, access !== 'anyone', route)
    }
  const { body: told } = await call('GET /v1/genres', {
    headers: { authorization: `Bearer ${bad['expired']}` },
  })
  assert.equal(
    told.detail,
    `The user token expired at ${new Date((now - 60) * 1_000).toISOString()}.`,
  )
  const { body: late } = await call('GET /v1/genres', {
    headers: { authorization: `Bearer ${bad['by a secret that has expired']}` },
  })
  assert.equal(
    late.detail,
    'The secret that signed the user token expired at 1970-01-01T00:00:00.001Z.',
  )
})

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
    const { body } = await call(`${method} ${addressOf(path)}`)
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
  const tokens = [await tokenOf('ana'), await signedBy('x'.repeat(43), claims())]
  for (const token of tokens)
    await call('GET /v1/users/bob/ratings', { headers: { authorization: `Bearer ${token}` } })
  assert.ok(lines.length >= 4)
  const secrets = [keys.admin, 'nonsense', tokenSecret.secret, ...tokens]
  for (const secret of secrets) assert.ok(!JSON.stringify(lines).includes(secret))
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
