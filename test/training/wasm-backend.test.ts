import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startWasm } from '../../src/training/engines/tensorflow/wasm-backend.ts'

test('starting WebAssembly leaves the way the process ends as it was', async () => {
  const listeners = () => [
    ...process.listeners('uncaughtException'),
    ...process.listeners('unhandledRejection'),
  ]
  const before = listeners()
  await startWasm()
  assert.deepEqual(listeners(), before)
})
