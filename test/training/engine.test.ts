// Takes more than 15 s on a busy machine: each case loads its engine in a process of its own, and the
// GPU is a CPU that poses as one.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { trainingSpecSchema } from '../../src/model/spec/training-spec.ts'
import { noVulkan, onSwiftShader, runProgram, swiftShader } from '../support/swiftshader.ts'

type Outcome = {
  error?: string
  algorithm: string
  engine: string
  backend: string
  device: string
  mse: number
}

const program = new URL('train-planted.ts', import.meta.url)
const train = (backend: string, engine: string, env: Record<string, string> = {}) =>
  runProgram<Outcome[]>(program, [backend, engine], env)

/** The errors that a GPU is to come to; trained once. */
let onWasm: Promise<Outcome[]> | undefined

for (const engine of ['tensorflow', 'webgpu'])
  test(`${engine} on WebGPU trains its algorithms to the errors of WebAssembly`, async (t) => {
    onWasm ??= train('wasm', 'tensorflow')
    const [gpu, wasm] = await Promise.all([train('webgpu', engine, onSwiftShader), onWasm])
    const missing = gpu.find(({ error }) => error !== undefined)
    if (missing) return t.skip(`there is no WebGPU adapter here: ${missing.error}`)
    assert.equal(gpu.length, engine === 'webgpu' ? 2 : 3)
    gpu.forEach((outcome, i) => {
      const expected = wasm[i]!.mse
      assert.deepEqual([outcome.engine, outcome.backend], [engine, 'webgpu'])
      assert.ok(
        Math.abs(outcome.mse / expected - 1) < 1e-4,
        `${outcome.algorithm}: ${outcome.mse}, on wasm ${expected}`,
      )
    })
  })

test('"auto" does not take a CPU that poses as a GPU', async (t) => {
  if (!existsSync(swiftShader)) return t.skip(`there is no SwiftShader at ${swiftShader}`)
  for (const { backend, device } of await train('auto', 'auto', onSwiftShader)) {
    assert.ok(!device.includes('SwiftShader'), device)
    assert.ok(backend !== 'webgpu' || device.startsWith('GPU'), device)
  }
})

test('"auto" finds an engine without any GPU driver', async () => {
  for (const { error } of await train('auto', 'auto', noVulkan)) assert.equal(error, undefined)
})

test('an engine that was asked for and cannot be had is an error that says why', async () => {
  for (const { error } of await train('webgpu', 'tensorflow', noVulkan))
    assert.match(error!, /^No engine for this starts here \(tensorflow on webgpu: .+\)\.$/)
  for (const { error } of await train('auto', 'webgpu', noVulkan))
    assert.match(error!, /^No engine for this starts here \(webgpu: .+\)\.$/)
})

test('without the optional packages everything trains, and what needs them says so', async () => {
  const without = {
    NODE_OPTIONS: `--import ${new URL('../support/without-optional.mjs', import.meta.url)}`,
  }
  for (const { engine, error } of await train('auto', 'auto', without))
    assert.equal(engine, 'simd', error)
  for (const { error } of await train('wasm', 'tensorflow', without))
    assert.match(
      error!,
      /tensorflow on wasm: the optional package @tensorflow.tfjs-core is not inst/,
    )
})

test('bayes is refused on engines that do not have it', () => {
  for (const engine of ['webgpu', 'tensorflow'])
    assert.equal(trainingSpecSchema.safeParse({ algorithm: 'bayes', engine }).success, false)
})
