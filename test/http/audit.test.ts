import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { parse } from 'yaml'
import { apiKeys, keys, listen, openApp, tokenOf } from '../support/app.ts'
import { dotBiasModel } from '../support/models.ts'

type Operation = { operationId: string }
const written = await readFile(new URL('../../openapi.yaml', import.meta.url), 'utf8')
const { paths } = parse(written) as { paths: Record<string, Record<string, Operation>> }
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
)
/** Questions that come with a body; every other POST changes something. */
const questions = ['predictRatings', 'recommendMoviesTo', 'recommendMoviesToMany']

type Asked = {
  operation: (typeof operations)[number]
  id: string
  caller: string
  payload: string | undefined
}

test('each operation that changes something is one line of the audit, and no other', async (t) => {
  const { call, lines } = await openApp(t, { apiKeys })
  const asked = fc.record({
    operation: fc.constantFrom(...operations),
    // A URL loses segments of one dot or two before it is sent.
    id: fc.oneof(
      fc.constant('x'),
      fc.string({ minLength: 1 }).filter((id) => id !== '.' && id !== '..'),
    ),
    caller: fc.constantFrom('none', 'wrong', 'public', 'read', 'write', 'admin'),
    payload: fc.constantFrom(undefined, '{', '{}', '{"rating": 3}', '[]', 'userId,movieId,rating'),
  })
  const check = async ({ operation, id, caller, payload }: Asked) => {
    const { path, method, operationId } = operation
    lines.length = 0
    const url = path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(id))
    const key = keys[caller as keyof typeof keys] ?? caller
    const { status, headers, body } = await call(`${method.toUpperCase()} ${url}`, {
      headers: {
        ...(caller !== 'none' && { 'x-api-key': key }),
        ...(payload !== undefined && { 'content-type': 'application/json' }),
      },
      ...(payload !== undefined && method !== 'get' && { payload }),
    })
    const isLetIn = status !== 401 && body?.code !== 'forbidden'
    const isChange = method !== 'get' && !questions.includes(operationId)
    const audited = lines.filter(({ audit }) => audit)
    assert.equal(audited.length, isChange && isLetIn ? 1 : 0, `${operationId}: ${status}`)
    assert.doesNotMatch(JSON.stringify(lines), /key-[prwa]/)
    for (const line of audited) {
      const { by, operation, params } = line as Record<string, unknown>
      assert.deepEqual(
        { by, operation, status: line['status'], reqId: line['reqId'] },
        {
          by: apiKeys.find(key)!.name,
          operation: operationId,
          status,
          reqId: headers['x-request-id'],
        },
      )
      for (const value of Object.values(params as object)) assert.equal(value, id)
    }
  }
  for (const operation of operations)
    await check({ operation, id: 'x', caller: 'admin', payload: '{"rating": 3}' })
  await fc.assert(fc.asyncProperty(asked, check), { numRuns: 300 })
})

test('the audit says what was made, and is written whatever the level of the log', async (t) => {
  const lines: Record<string, unknown>[] = []
  const write = (line: string) => void lines.push(JSON.parse(line))
  const logger = pino({ level: 'fatal' }, { write })
  const { call, publish, serving } = await openApp(t, { apiKeys, logger })
  await publish(dotBiasModel(), 'v1')
  await serving.refresh()
  const { status } = await call('POST /v1/models/v1/promote', {
    headers: { 'x-api-key': keys.admin, 'x-request-id': 'mine' },
  })
  assert.equal(status, 200)
  const [{ time, pid, hostname, ...line }, ...others] = lines as [Record<string, unknown>]
  assert.deepEqual(others, [])
  assert.deepEqual(line, {
    ...{ level: 30, audit: true, msg: 'A change was asked for.', reqId: 'mine', status: 200 },
    ...{ by: apiKeys.find(keys.admin)!.name, operation: 'promoteModel', params: { version: 'v1' } },
  })
})

test('the audit names the user of a token, and the secret that signed it', async (t) => {
  const { call, lines } = await openApp(t, { apiKeys })
  const token = await tokenOf('ana', 'rate')
  const headers = { authorization: `Bearer ${token}` }
  for (const user of ['ana', 'bob']) await call(`DELETE /v1/users/${user}/ratings/m1`, { headers })
  await call('DELETE /v1/users/ana/ratings/m1', {
    headers: { authorization: `Bearer ${await tokenOf('ana')}` },
  })
  const audited = lines.filter(({ audit }) => audit)
  assert.deepEqual(
    audited.map(({ by, user, operation, params, status }) => ({
      by,
      user,
      operation,
      params,
      status,
    })),
    [
      {
        ...{ by: 'shop', user: 'ana', operation: 'deleteRating', status: 503 },
        params: { userId: 'ana', movieId: 'm1' },
      },
    ],
  )
  assert.ok(!JSON.stringify(lines).includes(token))
})

test('without keys the audit is at the level of the log', async (t) => {
  const { lines, logger } = linesAt('warn')
  const { call } = await openApp(t, { logger })
  await call('POST /v1/models/rollback')
  assert.deepEqual(lines, [])
})

function linesAt(level: string) {
  const lines: unknown[] = []
  return { lines, logger: pino({ level }, { write: (line) => void lines.push(line) }) }
}

test('a client that goes away in the midst of a change is in the audit once', async (t) => {
  const { app, lines } = await openApp(t, { apiKeys })
  const { port } = new URL(await listen(app))
  const arrived = once(app.server, 'request')
  const socket = connect(Number(port), '127.0.0.1')
  socket.write(
    `POST /v1/ratings/import HTTP/1.1\r\nHost: x\r\nX-API-Key: ${keys.write}\r\n` +
      'Content-Length: 1000\r\n\r\nuserId,movieId,rating\n',
  )
  const [, response] = (await arrived) as [unknown, ServerResponse]
  socket.destroy()
  await once(response, 'close')
  await app.close()
  const audited = lines.filter(({ audit }) => audit)
  assert.deepEqual(
    audited.map(({ operation, status }) => [operation, status]),
    [['importRatings', null]],
  )
})
