import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { makeKey, makeSecret } from '../../src/cli/key.ts'
import { printToken } from '../../src/cli/token.ts'
import { roles } from '../../src/config-fields.ts'
import { type ApiKey, fixedKeys } from '../../src/http/keys/api-keys.ts'
import { keyLine, readKeys } from '../../src/http/keys/keys-file.ts'
import { signToken, type TokenSecret } from '../../src/http/keys/user-tokens.ts'
import { watchKeys } from '../../src/http/keys/watch-keys.ts'
import { keys, openApp, sha256, tokenSecret } from '../support/app.ts'
import { keptLog } from '../support/bench.ts'

const hexes = fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: 64, maxLength: 64 })
const someKey: fc.Arbitrary<ApiKey> = fc.record(
  {
    name: fc.stringMatching(/^[\w.@-]{1,64}$/),
    role: fc.constantFrom(...roles),
    sha256: hexes.map((digits) => digits.join('')),
    expires: fc.option(fc.integer({ min: 0, max: 253_402_300_799_999 })),
    limit: fc.option(fc.integer({ min: 1 })),
  },
  { noNullPrototype: true },
)

const someSecret: fc.Arbitrary<TokenSecret> = fc.record(
  {
    name: fc.stringMatching(/^[\w.@-]{1,64}$/),
    secret: fc.stringMatching(/^[\w.~+/=-]{32,256}$/),
    expires: fc.option(fc.integer({ min: 0, max: 253_402_300_799_999 })),
    limit: fc.option(fc.integer({ min: 1 })),
  },
  { noNullPrototype: true },
)

/** An app whose keys are those of a file, which `write` writes and has read. */
async function openWithFile(t: TestContext, text: string) {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-keys-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'keys')
  await writeFile(file, text)
  const { logger, lines } = keptLog()
  const apiKeys = await watchKeys({ file, others: { keys: [], secrets: [] }, logger })
  t.after(() => apiKeys.close())
  const bench = await openApp(t, { apiKeys })
  const write = async (now: string) => {
    // At once: half of it may be read at any time.
    await writeFile(`${file}.new`, now)
    await rename(`${file}.new`, file)
    await apiKeys.look()
  }
  const statusOf = async (key: string) =>
    (await bench.call('GET /v1/movies', { headers: { 'x-api-key': key } })).status
  return { ...bench, file, logged: lines, write, statusOf, apiKeys }
}
const lineOf = (name: keyof typeof keys, rest = '') =>
  `${name}-key ${name} ${sha256(keys[name])}${rest}\n`

test('a keys file is read as it is written, comments and empty lines apart', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(someKey, someSecret), { minLength: 1 }), (written) => {
      const text = written.map((one) => `# one of ours\n\n${keyLine(one)}  # comment`).join('\n')
      assert.deepEqual(readKeys(text), {
        keys: written.filter((one) => 'role' in one),
        secrets: written.filter((one) => 'secret' in one),
      })
    }),
  )
})

test('a line that is no key is named by its number, and nothing of it is told', () => {
  const secret = 'mq_supersecret'
  fc.assert(
    fc.property(
      fc.array(fc.oneof(someKey, someSecret), { maxLength: 5 }),
      fc.constantFrom(
        secret,
        `ana ${secret}`,
        `ana admin ${secret}`,
        `${secret}! admin ${sha256('x')}`,
        `ana ${secret} ${sha256('x')}`,
        `ana admin ${sha256('x')} ${secret}`,
        `ana admin ${sha256('x')} ${secret}=1`,
        `ana admin ${sha256('x')} expires=${secret}`,
        `ana admin ${sha256('x')} expires=`,
        `ana admin ${sha256('x')} expires`,
        `ana admin ${sha256('x')} expires=2026-01-01 expires`,
        `ana admin ${sha256('x')} expires expires=2026-01-01`,
        `ana admin ${sha256('x')} expires=2026-01-01 expires=2027-01-01`,
        `ana admin ${sha256('x')} limit`,
        `ana admin ${sha256('x')} limit=1 limit=2`,
        `ana admin ${sha256('x')} __proto__=1`,
        `ana admin ${sha256('x')} limit=${secret}`,
        `ana admin ${sha256('x')} limit=0`,
        `ana admin ${sha256('x').toUpperCase()}`,
        `ana token-secret ${secret}`,
        `ana token-secret ${secret.repeat(30)}`,
        `ana token-secret ${secret}!${sha256('x')}`,
        `ana token-secret ${sha256('x')} ${secret}`,
        `ana public ${secret.repeat(4)}`,
      ),
      (good, bad) => {
        const text = [...good.map(keyLine), bad].join('\n')
        assert.throws(
          () => readKeys(text),
          ({ message }: Error) =>
            message.startsWith(`Line ${good.length + 1}: expected `) && !message.includes(secret),
        )
      },
    ),
  )
})

test('of any keys just those given are found, whatever they have in common', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2 }),
      ([first, ...rest]) => {
        const known = rest.map((key, i): ApiKey => {
          return { name: `${i}`, role: 'read', sha256: sha256(key), expires: null, limit: null }
        })
        const { find } = fixedKeys(known)
        assert.equal(find(first!), null)
        for (const [i, key] of rest.entries()) assert.equal(find(key), known[i])
        for (const key of known) assert.equal(find(key.sha256), null)
      },
    ),
  )
})

test('keys are rotated while the server runs', async (t) => {
  const { write, statusOf, logged } = await openWithFile(t, lineOf('read'))
  assert.deepEqual([await statusOf(keys.read), await statusOf(keys.admin)], [200, 401])
  await write(lineOf('read') + lineOf('admin'))
  assert.deepEqual([await statusOf(keys.read), await statusOf(keys.admin)], [200, 200])
  await write(lineOf('admin'))
  assert.deepEqual([await statusOf(keys.read), await statusOf(keys.admin)], [401, 200])
  const next = { ...tokenSecret, name: 'next', secret: 'n'.repeat(32) }
  const tokens = [tokenSecret, next].map((secret) =>
    signToken(secret, { user: 'ana', seconds: 3_600, scopes: [] }),
  )
  for (const [secrets, statuses] of [
    [[tokenSecret], [200, 401]],
    [
      [tokenSecret, next],
      [200, 200],
    ],
    [[next], [401, 200]],
    [[], [401, 401]],
  ] as const) {
    await write([lineOf('admin'), ...secrets.map((secret) => `${keyLine(secret)}\n`)].join(''))
    for (const [i, token] of tokens.entries())
      assert.equal(await statusOf(await token), statuses[i])
  }
  assert.deepEqual(
    logged.map(({ msg, keys, secrets }) => [msg, keys, secrets]),
    [
      ...[
        [2, 0],
        [1, 0],
        [1, 1],
        [1, 2],
        [1, 1],
        [1, 0],
      ].map((counts) => ['The keys were read anew.', ...counts]),
    ],
  )
})

test('a broken keys file keeps the keys before it and is told once', async (t) => {
  const { call, write, statusOf, logged, file } = await openWithFile(t, lineOf('read'))
  const reasons = async () => (await call('GET /health/ready?for=writes')).body.reasons
  for (const broken of ['', 'nonsense', `${lineOf('admin')}ana admin ${keys.admin}`]) {
    logged.length = 0
    await write(broken)
    await write(broken)
    assert.deepEqual([await statusOf(keys.read), await statusOf(keys.admin)], [200, 401])
    const [line, ...others] = logged
    assert.deepEqual(others, [])
    assert.match(String(line!['reason']), /^MARQUEE_KEYS_FILE: /)
    assert.ok((await reasons()).includes(line!['reason']))
    assert.doesNotMatch(JSON.stringify(line), new RegExp(`${keys.admin}|${file}`))
  }
  await write(lineOf('read'))
  assert.ok(!(await reasons()).some((reason: string) => reason.includes('KEYS_FILE')))
  await rm(file)
  await write(lineOf('admin'))
  assert.equal(await statusOf(keys.admin), 200)
})

test('a file that is gone keeps its keys, and none at the start is refused', async (t) => {
  const { apiKeys, statusOf, file } = await openWithFile(t, lineOf('read'))
  await rm(file)
  await apiKeys.look()
  assert.equal(await statusOf(keys.read), 200)
  assert.equal(apiKeys.fault(), 'MARQUEE_KEYS_FILE: It cannot be read (ENOENT).')
  const { logger } = keptLog()
  await assert.rejects(watchKeys({ file, others: { keys: [], secrets: [] }, logger }), {
    code: 'invalid-request',
  })
})

test('a key is good until it expires, and whoever has it is told', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: Date.parse('2030-01-01T00:00:00Z') })
  const { call, statusOf } = await openWithFile(t, lineOf('read', ' expires=2030-01-02'))
  t.mock.timers.setTime(Date.parse('2030-01-01T23:59:59.999Z'))
  assert.equal(await statusOf(keys.read), 200)
  t.mock.timers.setTime(Date.parse('2030-01-02T00:00:00Z'))
  const { status, body } = await call('GET /v1/movies', { headers: { 'x-api-key': keys.read } })
  assert.equal(status, 401)
  assert.equal(body.detail, 'The key expired at 2030-01-02T00:00:00.000Z.')
})

test('records name the key by which something came', async (t) => {
  const { call } = await openWithFile(t, lineOf('write'))
  const headers = { 'x-api-key': keys.write }
  const payload = 'userId,movieId,rating\n1,1,5\n'
  const imported = await call('POST /v1/ratings/import', { headers, payload })
  assert.equal(imported.status, 200)
  const { body } = await call('GET /v1/imports', { headers })
  assert.deepEqual(
    body.items.map(({ key }: { key: string }) => key),
    ['write-key'],
  )
})

test('a key that the command makes is let in and printed once, and its file has no key', async (t) => {
  const { apiKeys, statusOf, file } = await openWithFile(t, lineOf('admin').trimEnd())
  const printed: string[] = []
  t.mock.method(process.stdout, 'write', (text: string) => printed.push(text) > 0)
  t.after(() => delete process.env['MARQUEE_KEYS_FILE'])
  process.env['MARQUEE_KEYS_FILE'] = file
  await makeKey('read', { name: 'ana', days: 7 })
  const [key, ...more] = printed.join('').match(/mq_[\w-]+/g)!
  printed.length = 0
  await makeSecret({ name: 'shop', limit: 5 })
  const [, secret] = /secret .*: (.+)/.exec(printed.join(''))!
  printed.length = 0
  await printToken({ user: 'é/1', minutes: 5, scope: 'rate' })
  t.mock.restoreAll()
  assert.deepEqual(more, [])
  await apiKeys.look()
  assert.equal(await statusOf(key!), 200)
  const token = printed.join('').trimEnd()
  assert.equal(await statusOf(token), 200)
  const { iat, exp, ...claims } = JSON.parse(
    Buffer.from(token.split('.')[1]!, 'base64url').toString(),
  )
  assert.deepEqual([exp - iat, claims], [300, { sub: 'é/1', aud: 'marquee', scope: 'rate' }])
  const text = await readFile(file, 'utf8')
  assert.ok(!text.includes(key!))
  assert.deepEqual(readKeys(text).secrets, [{ name: 'shop', secret, expires: null, limit: 5 }])
  assert.deepEqual(
    readKeys(text).keys.map(({ name, role }) => [name, role]),
    [
      ['admin-key', 'admin'],
      ['ana', 'read'],
    ],
  )
  await writeFile(file, lineOf('read'))
  await assert.rejects(printToken({ user: 'ana', minutes: 5 }), { code: 'invalid-request' })
  await writeFile(file, randomBytes(8).toString('hex'))
  await assert.rejects(makeKey('read', { name: 'ana' }), { code: 'invalid-request' })
})
