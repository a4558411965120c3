import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openApp } from '../support/app.ts'

const debug = 20
const info = 30

test('a line for each answer: at debug for what was only read, else at info', async (t) => {
  const { call, lines, serving } = await openApp(t)
  const levelOf = async (target: string) => {
    const { headers, status } = await call(target)
    const line = lines.find(({ reqId }) => reqId === headers['x-request-id'])!
    assert.equal(line['msg'], 'A request ended.')
    assert.equal(line['status'], status)
    return line['level']
  }
  assert.equal(await levelOf('GET /v1/movies?title=secret'), debug)
  assert.equal(await levelOf('GET /health/live'), debug)
  assert.equal(await levelOf('GET /v1/movies/none'), info)
  assert.equal(await levelOf('GET /nowhere'), info)
  assert.equal(await levelOf('POST /v1/models/rollback'), info)
  assert.doesNotMatch(JSON.stringify(lines), /secret/)

  const { catalogue } = serving
  serving.catalogue = () => {
    const begin = performance.now()
    while (performance.now() - begin < 1_001);
    return catalogue()
  }
  assert.equal(await levelOf('GET /v1/movies'), info)
})
