import assert from 'node:assert/strict'
import { test } from 'node:test'
import { trainModel } from '../../src/training/train.ts'
import { onSwiftShader, runProgram } from '../support/swiftshader.ts'
import { plantedRatings, plantedSpec } from './planted-ratings.ts'

type Outcome = {
  missing?: string
  code?: string
  message?: string
  engine?: string
  mse?: number
  setbacks?: string[]
  suggestion?: number
  seen: (number | string)[]
}

const program = new URL('lose-device.ts', import.meta.url)
const loseDevice = (engine: string, work = 'train') =>
  runProgram<Outcome>(program, [engine, work], onSwiftShader)

for (const engine of ['webgpu', 'tensorflow'])
  test(`engine "${engine}" that loses its device in mid-training ends with a stable code`, async (t) => {
    const { missing, code, message, seen } = await loseDevice(engine)
    if (missing) return t.skip(`there is no WebGPU adapter here: ${missing}`)
    assert.equal(code, 'device-lost', message)
    assert.match(message!, /^The device failed in mid-training \(.+\): .+\.$/)
    assert.ok(seen.length >= 1 && seen.length < 60)
  })

test('with "auto" the training begins anew on the next engine, to the same model', async (t) => {
  const { missing, engine, mse, setbacks, seen } = await loseDevice('auto')
  if (missing) return t.skip(`there is no WebGPU adapter here: ${missing}`)
  assert.equal(engine, 'simd')
  assert.equal(setbacks!.length, 1)
  const lostAt = seen.indexOf(setbacks![0]!)
  assert.ok(lostAt >= 1 && lostAt < 60)
  assert.deepEqual(
    seen.slice(lostAt + 1),
    Array.from({ length: 60 }, (_, i) => i + 1),
  )
  const { measurement } = await trainModel({
    ratings: plantedRatings({ users: 40, movies: 30 }),
    spec: plantedSpec({ algorithm: 'dot-bias', engine: 'simd', epochs: 60, batchSize: 16 }),
    backend: 'auto',
  })
  assert.equal(mse, measurement!.errors.mse)
})

test('a device that fails at what nobody waits for, such as memory, ends the training likewise', async (t) => {
  const { missing, code, message } = await loseDevice('webgpu', 'fault')
  if (missing) return t.skip(`there is no WebGPU adapter here: ${missing}`)
  assert.equal(code, 'device-lost', message)
  assert.match(message!, /exceeds the max buffer size/)
})

test('a search for a learning rate goes on likewise', async (t) => {
  const { missing, suggestion, seen } = await loseDevice('auto', 'search')
  if (missing) return t.skip(`there is no WebGPU adapter here: ${missing}`)
  assert.ok(suggestion! > 0)
  assert.match(String(seen[0]), /device failed/)
})
