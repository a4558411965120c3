import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { decodeTensors } from '../../src/model/file/safetensors.ts'
import { listen, openApp } from '../support/app.ts'
import { dotBiasModel, netModel } from '../support/models.ts'

const program = fileURLToPath(new URL('../../examples/read_model.py', import.meta.url))
const path = '/v1/models/v1/model.safetensors'

test('the file of a model comes whole, in ranges or not at all to a client that has it', async (t) => {
  const { app, call, publish, folder } = await openApp(t)
  await publish(dotBiasModel(), 'v1')
  const send = async (headers: Record<string, string> = {}, method: 'GET' | 'HEAD' = 'GET') => {
    const {
      statusCode,
      headers: sent,
      rawPayload,
    } = await app.inject({ method, url: path, headers })
    return { status: statusCode, headers: sent, bytes: rawPayload }
  }
  const whole = await send()
  const size = whole.bytes.length
  const tag = `"${createHash('sha256').update(whole.bytes).digest('hex')}"`
  assert.deepEqual([whole.status, whole.headers['etag']], [200, tag])
  const { metadata } = decodeTensors(whole.bytes)
  assert.match(metadata['formula']!, /user_factors\[u\] · movie_factors\[m\] \+ user_bias/)
  assert.match(metadata['ids']!, /user_ids_utf8/)

  const head = await send({}, 'HEAD')
  assert.deepEqual([head.headers['content-length'], head.bytes.length], [String(size), 0])
  assert.equal((await send({ 'if-none-match': tag })).status, 304)
  for (const [range, from, to] of [
    ['bytes=0-7', 0, 8],
    ['bytes=8-', 8, size],
    ['bytes=-5', size - 5, size],
    [`bytes=3-${size + 9}`, 3, size],
  ] as const) {
    const part = await send({ range })
    assert.equal(part.status, 206, range)
    assert.equal(part.headers['content-range'], `bytes ${from}-${to - 1}/${size}`)
    assert.deepEqual(part.bytes, whole.bytes.subarray(from, to))
  }
  for (const range of ['bytes=5-2', 'bytes=-', 'lines=1-2', 'bytes=0-1,4-5'])
    assert.equal((await send({ range })).status, 200, range)
  assert.equal((await send({ range: 'bytes=0-7', 'if-range': '"another"' })).status, 200)
  const behind = await call(`GET ${path}`, { headers: { range: `bytes=${size}-` } })
  assert.deepEqual([behind.status, behind.body.code], [416, 'unsatisfiable-range'])
  assert.equal((await call('GET /v1/models/none/model.safetensors')).body.code, 'unknown-model')
  await rm(join(folder, 'models/v1/model.safetensors'))
  assert.equal((await call(`GET ${path}`)).body.code, 'invalid-model')
})

test('plain Python predicts from the file what the API predicts', async (t) => {
  const run = promisify(execFile)
  try {
    await run('python3', ['--version'])
  } catch {
    return t.skip('there is no python3')
  }
  for (const model of [dotBiasModel(), netModel(), { ...dotBiasModel(), ratingRange: null }]) {
    const { app, call, publish, serving, folder, importMovies } = await openApp(t)
    await publish(model, 'v1')
    await importMovies()
    await serving.refresh()
    const file = join(folder, 'model.safetensors')
    await writeFile(file, (await app.inject(path)).rawPayload)
    for (const [user, movie] of ['u1 m2', 'u3 m5', 'nobody m1', 'nobody m3'].map((pair) =>
      pair.split(' '),
    )) {
      const { body } = await call(`GET /v1/users/${user}/predictions/${movie}`)
      const { stdout } = await run('python3', [program, file, user!, movie!])
      assert.equal(Number(stdout), body.rating, `${user} ${movie}`)
    }
  }
})

test('a client that goes away in mid-file stops it', async (t) => {
  const { app, publish, registry } = await openApp(t)
  await publish(dotBiasModel({ users: 100_000 }), 'v1')
  const open = registry.openTensors
  let closed: Promise<unknown> | undefined
  registry.openTensors = async (card) => {
    const bytes = await open(card)
    const { stream } = bytes
    bytes.stream = (from, to) => {
      const streamed = stream(from, to)
      closed = new Promise((resolve) => streamed.once('close', resolve))
      return streamed
    }
    return bytes
  }
  const base = await listen(app)
  const request = get(`${base}${path}`, (answer) => answer.once('data', () => request.destroy()))
  request.on('error', () => {})
  await new Promise((resolve) => request.once('close', resolve))
  await closed
})
