import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../src/numeric/random/random.ts'
import { watchStore } from '../../src/storage/integrity/store-health.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { createStore, probeStore } from '../../src/storage/open-store.ts'
import { s3Credentials } from '../../src/storage/s3/s3-credentials.ts'
import { asMarqueeError, S3Fault } from '../../src/storage/s3/s3-fault.ts'
import { s3LocationOf } from '../../src/storage/s3/s3-location.ts'
import { until } from '../queue/queue-bench.ts'
import { keptLog } from '../support/bench.ts'
import { type S3Trouble, s3Environment, startS3 } from '../support/s3.ts'
import { temporaryFolder } from './bodies.ts'

const environment = s3Environment
const troubles: readonly S3Trouble[] = ['refuse', 'cut', 'lose-answer', 'twice', 'slow']

const anyKey = fc.constantFrom('a', 'b/c', 'b/d')
const anyBytes = fc.oneof(
  { weight: 30, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  // In parts.
  { weight: 1, arbitrary: fc.constant(new Uint8Array(17 * 1024 * 1024).fill(3)) },
)
const anyStep = fc.oneof(
  fc.record({
    does: fc.constantFrom('put', 'putIfAbsent', 'putIfPresent'),
    key: anyKey,
    bytes: anyBytes,
  }),
  fc.record({
    does: fc.constantFrom('get', 'remove', 'list'),
    key: anyKey,
    bytes: fc.constant(null),
  }),
)

test('whatever happens to single requests, a bucket does what a map does', async (t) => {
  const { location, trouble } = await startS3(t)
  let run = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyStep, { minLength: 3, maxLength: 12 }),
      fc.nat(),
      async (steps, seed) => {
        const store = createStore({
          location: location.replace('/a/b', `/run-${run++}`),
          environment,
        })
        const random = createRandom(seed, 'trouble')
        // Of six tries one is spared.
        let spared = 0
        trouble.next = () => {
          spared = (spared + 1) % 4
          if (spared === 0 || random.below(2) === 0) return null
          return troubles[random.below(troubles.length)]!
        }
        const kept = new Map<string, Uint8Array>()
        for (const { does, key, bytes } of steps) {
          const before = kept.get(key)
          if (does === 'put') await store.put(key, [bytes!])
          if (does === 'putIfAbsent') assert.equal(await store.putIfAbsent(key, [bytes!]), !before)
          if (does === 'putIfPresent')
            assert.equal(await store.putIfPresent(key, [bytes!]), !!before)
          if (
            does === 'put' ||
            (does === 'putIfAbsent' && !before) ||
            (does === 'putIfPresent' && before)
          )
            kept.set(key, bytes!)
          if (does === 'remove') {
            await store.remove(key)
            kept.delete(key)
          }
          if (does === 'list') assert.deepEqual(await store.list(''), [...kept.keys()].sort())
          const found = await store.get(key)
          assert.equal(found === null, !kept.has(key))
          if (found) assert.equal(Buffer.compare(found, kept.get(key)!), 0)
        }
      },
    ),
    { numRuns: 10, seed: 1 },
  )
})

test('what is read in parts is refused when another has put new bytes meanwhile', async (t) => {
  const { location } = await startS3(t)
  const store = createStore({ location, environment })
  const long = new Uint8Array(2 * 1024 * 1024)
  await store.put('a', [long])
  const stored = (await store.open('a'))!
  await store.put('a', [long.fill(1)])
  await assert.rejects(stored.read(0, stored.size), { code: 'store-unavailable' })
  await assert.rejects(stored.stream(0, stored.size).toArray(), { code: 'store-unavailable' })
})

test('a silent server is given up soon, however much is asked at once', async (t) => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const location = `s3://films?endpoint=http://127.0.0.1:${port}`
  const store = createStore({ location, environment })
  const registry = createModelRegistry(store)
  const { logger } = keptLog()
  const health = watchStore({ store, registry, pollMs: 100, logger })
  const faults = await Promise.all([health.fault(), health.fault(), health.fault()])
  assert.deepEqual(
    faults.map((fault) => fault?.code),
    Array.from({ length: 3 }, () => 'store-unavailable'),
  )
  await health.close()
  // Garbage that is collected takes no time limit with it.
  const collecting = setInterval(() => (globalThis as { gc?: () => void }).gc?.(), 50)
  t.after(() => clearInterval(collecting))
  await assert.rejects(store.get('a'), { code: 'store-unavailable' })
})

test('of a bucket that cannot be used a sentence says what to do', async (t) => {
  const { location, locationAt, plain } = await startS3(t)
  await probeStore({ location, environment })
  assert.deepEqual(await createStore({ location, environment }).list(''), [])
  for (const [settings, code, sentence] of [
    [{ location: locationAt(plain) }, 'invalid-request', /overwrites against a condition/],
    [
      { location, environment: { ...environment, AWS_ACCESS_KEY_ID: 'nobody' } },
      ...(['store-unavailable', /correct AWS_ACCESS_KEY_ID/] as const),
    ],
    [{ location: location.replace('films', 'none') }, 'store-unavailable', /bucket is not there/],
    [{ location: locationAt('http://127.0.0.1:1') }, 'store-unavailable', /cannot be reached/],
    [
      { location: 's3://?region=x' },
      'invalid-request',
      /^MARQUEE_STORE: "" is no name of a bucket/,
    ],
    [{ location: 's3://films?zone=x' }, 'invalid-request', /there is no setting "zone"/],
    [{ location: 's3://films/ü' }, 'invalid-request', /is no prefix/],
    [{ location: 's3://films?endpoint=ftp://x' }, 'invalid-request', /is no address/],
    [{ location, environment: { AWS_PROFILE: 'x' } }, 'invalid-request', /the profile "x"/],
  ] as const)
    await assert.rejects(probeStore({ environment, ...settings }), { code, message: sentence })
})

test('each refusal of a server has a code and a sentence without an address', () => {
  for (const [status, code, isWriting, expected] of [
    [403, 'RequestTimeTooSkewed', true, 'store-unavailable'],
    [403, 'SignatureDoesNotMatch', false, 'store-unavailable'],
    [403, 'AccessDenied', true, 'store-read-only'],
    [403, '', true, 'store-read-only'],
    [403, 'AccessDenied', false, 'store-unavailable'],
    [507, 'XMinioStorageFull', true, 'out-of-space'],
    [500, 'InternalError', false, 'store-unavailable'],
    [0, '', true, 'store-unavailable'],
  ] as const) {
    const error = asMarqueeError(new S3Fault(status, code, 'http://10.0.0.1/films'), isWriting)
    assert.equal(error.code, expected)
    assert.match(error.message, /^The store .*\.$/)
    assert.doesNotMatch(error.message, /10\.0|undefined|http/)
  }
})

test('credentials come from the environment, or from a profile', async (t) => {
  const file = join(await temporaryFolder(t), 'credentials')
  const lines = ['[default]', 'aws_access_key_id = A', 'aws_secret_access_key=B/+=', '[films]']
  const more = ['aws_access_key_id=C', 'aws_secret_access_key=D', 'aws_session_token=E']
  await writeFile(file, [...lines, ...more].join('\n'))
  const shared = { AWS_SHARED_CREDENTIALS_FILE: file }
  assert.deepEqual(s3Credentials(shared), { accessKeyId: 'A', secretAccessKey: 'B/+=' })
  const films = { accessKeyId: 'C', secretAccessKey: 'D', sessionToken: 'E' }
  assert.deepEqual(s3Credentials({ ...shared, AWS_PROFILE: 'films' }), films)
  const own = { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' }
  assert.deepEqual(s3Credentials({ ...shared, ...environment }), own)
})

test('an address names bucket, prefix, server and region', () => {
  assert.deepEqual(s3LocationOf('s3://films/a/b/?region=eu-west-1'), {
    ...{ bucket: 'films', prefix: 'a/b/', region: 'eu-west-1' },
    endpoint: 'https://s3.eu-west-1.amazonaws.com',
  })
  const own = s3LocationOf('s3://films?endpoint=http://minio:9000/')
  assert.deepEqual(own, {
    ...{ bucket: 'films', prefix: '', region: 'us-east-1', endpoint: 'http://minio:9000' },
  })
})

test('a write without a condition that comes late undoes what came after it', async (t) => {
  const { location, trouble } = await startS3(t)
  const [store, other] = [
    createStore({ location, environment }),
    createStore({ location, environment }),
  ]
  let writes = 0
  trouble.next = ({ method }) => (method === 'PUT' && ++writes === 1 ? 'late' : null)
  const begun = new EventEmitter()
  trouble.late = () => once(begun, 'late')
  await store.put('a', [Buffer.from('by one')])
  await other.put('a', [Buffer.from('by another')])
  const text = async () => Buffer.from((await other.get('a'))!).toString('utf8')
  assert.equal(await text(), 'by another')
  begun.emit('late')
  await until(async () => (await text()) === 'by one', 'the first write of one arrives')
})
