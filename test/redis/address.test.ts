import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readConfig, redisOf } from '../../src/config.ts'
import { parseRedisAddress } from '../../src/redis/address.ts'

const plain = {
  ...{ path: null, username: null, password: null, db: 0, isTls: false, sentinel: null },
}

test('each kind of address is read', () => {
  const kinds: Record<string, object> = {
    'redis://films.example': { ...plain, nodes: [{ host: 'films.example', port: 6379 }] },
    'rediss://u:p%40s@h:7000/2': {
      ...{ ...plain, username: 'u', password: 'p@s', db: 2, isTls: true },
      nodes: [{ host: 'h', port: 7000 }],
    },
    'redis://:p@[::1]:7000,b': {
      ...{ ...plain, password: 'p' },
      nodes: [
        { host: '::1', port: 7000 },
        { host: 'b', port: 6379 },
      ],
    },
    'redis+sentinel://a,b:1/films/3?sentinelPassword=s': {
      ...{ ...plain, db: 3, sentinel: { master: 'films', username: null, password: 's' } },
      nodes: [
        { host: 'a', port: 26379 },
        { host: 'b', port: 1 },
      ],
    },
    'unix://u:p@/run/redis.sock?db=1': {
      ...{ ...plain, path: '/run/redis.sock', username: 'u', password: 'p', db: 1, nodes: [] },
    },
  }
  for (const [text, address] of Object.entries(kinds))
    assert.deepEqual(parseRedisAddress(text), address, text)
})

test('any user and password come back as they were', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'binary' }),
      fc.string({ unit: 'binary' }),
      (u, p) => {
        const login = `${encodeURIComponent(u)}:${encodeURIComponent(p)}`
        const { username, password } = parseRedisAddress(`redis://${login}@h`)
        assert.deepEqual([username, password], [u, p])
      },
    ),
  )
})

test('what is no address is refused with what is expected, and no password is repeated', () => {
  for (const [text, wrong] of [
    ['http://h', /^expected redis:/],
    ['localhost:6379', /^expected redis:/],
    ['redis://', /^expected redis:/],
    ['redis://secret@h', /a user has a password/],
    ['redis://u:secret@h:99999', /^expected redis:/],
    ['redis://u:secret%@h', /a % in it is written %25/],
    ['redis://u:secret@h/films', /a database is a number/],
    ['redis://u:secret@h?ssl=1', /there is no setting "ssl"/],
    ['redis+sentinel://h', /the name of the master is missing/],
    ['unix://secret', /a socket has three slashes/],
  ] as const)
    assert.throws(
      () => parseRedisAddress(text),
      (error: Error) => wrong.test(error.message) && !error.message.includes('secret'),
      text,
    )
})

test('the configuration takes an address, files for TLS, and a prefix in braces or not', () => {
  const given = { REDIS_URL: 'rediss://h', MARQUEE_REDIS_CA: 'ca.pem' }
  const settings = redisOf(readConfig({ ...given, MARQUEE_QUEUE_PREFIX: '{films}' }))
  const redisTls = { ca: 'ca.pem', cert: undefined, key: undefined }
  assert.deepEqual(settings, { redisUrl: 'rediss://h', prefix: '{films}', redisTls })
  for (const prefix of ['{films', '{}', 'a{b}'])
    assert.throws(() => readConfig({ MARQUEE_QUEUE_PREFIX: prefix }), /in braces or not/)
  assert.throws(() => readConfig({ REDIS_URL: 'redis://u:s@h:x' }), /REDIS_URL: expected redis:/)
})
