import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { noVulkan, swiftShader, withSwiftShader } from '../support/swiftshader.ts'

type Outcome = { error?: string; algorithm: string; backend: string; device: string; mse: number }

const program = fileURLToPath(new URL('train-planted.ts', import.meta.url))

/** A process of its own for each: drivers are found by the environment a process starts with. */
async function train(backend: string, env: Record<string, string> = {}): Promise<Outcome[]> {
  const args = [...process.execArgv.filter((arg) => !arg.startsWith('--test')), program, backend]
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { ...process.env, ...env },
  })
  return JSON.parse(stdout) as Outcome[]
}

test('WebGPU trains every algorithm to the errors of WebAssembly', async (t) => {
  const [gpu, wasm] = await Promise.all([train('webgpu', withSwiftShader), train('wasm')])
  const missing = gpu.find(({ error }) => error !== undefined)
  if (missing) return t.skip(`there is no WebGPU adapter here: ${missing.error}`)
  assert.equal(gpu.length, 3)
  gpu.forEach(({ algorithm, backend, mse }, i) => {
    const expected = wasm[i]!.mse
    assert.equal(backend, 'webgpu')
    assert.ok(Math.abs(mse / expected - 1) < 0.001, `${algorithm}: ${mse}, on wasm ${expected}`)
  })
})

test('"auto" does not take a CPU that poses as a GPU', async (t) => {
  if (!existsSync(swiftShader)) return t.skip(`there is no SwiftShader at ${swiftShader}`)
  for (const { backend, device } of await train('auto', withSwiftShader)) {
    assert.ok(!device.includes('SwiftShader'), device)
    assert.ok(backend !== 'webgpu' || device.startsWith('GPU'), device)
  }
})

test('"auto" finds a backend without any GPU driver', async () => {
  for (const { error } of await train('auto', noVulkan)) assert.equal(error, undefined)
})

test('a backend that was asked for and cannot be had is an error that says why', async () => {
  for (const { error } of await train('webgpu', noVulkan))
    assert.match(error!, /^No engine for this starts here \(tensorflow on webgpu: .+\)\.$/)
})
