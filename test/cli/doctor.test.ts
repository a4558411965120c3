import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { missingLibraries, probeBackend } from '../../src/cli/doctor/probe-backend.ts'
import type { EngineReport } from '../../src/model/engine-report.ts'
import { startMarquee } from '../support/marquee.ts'
import { noVulkan, onSwiftShader, swiftShader } from '../support/swiftshader.ts'

async function doctor(env: Record<string, string>, args: string[] = []) {
  const { ended } = startMarquee(['doctor', '--json', ...args], env)
  const { output, code } = await ended
  return { code, output, report: () => JSON.parse(output) as EngineReport }
}

const stateOf = ({ engines }: EngineReport, engine: string, backend: string) =>
  engines.find((state) => state.engine === engine && state.backend === backend)!

test('without any device it names the CPU engines, and says why the others are missing', async () => {
  const report = (await doctor({ ...noVulkan, MARQUEE_TENSORFLOW_BACKEND: 'auto' })).report()
  for (const engine of ['simd', 'tensorflow']) {
    const { isAvailable, device, reason } = stateOf(report, engine, 'wasm')
    assert.deepEqual([isAvailable, reason], [true, null])
    assert.match(device!, /^CPU/)
  }
  for (const { isAvailable, reason } of report.engines.filter(({ backend }) => backend !== 'wasm'))
    assert.ok(isAvailable || reason!.length > 10)
  const webgpu = stateOf(report, 'tensorflow', 'webgpu')
  assert.match(webgpu.reason!, /libvulkan|Vulkan driver|package webgpu/)
})

test('a CPU that poses as a GPU is named as software, and "auto" does not take it', async (t) => {
  if (!existsSync(swiftShader)) return t.skip(`there is no SwiftShader at ${swiftShader}`)
  const { report } = await doctor({ ...onSwiftShader, MARQUEE_TENSORFLOW_BACKEND: 'auto' })
  const { isAvailable, isSoftware, device } = stateOf(report(), 'tensorflow', 'webgpu')
  assert.deepEqual([isAvailable, isSoftware], [true, true])
  assert.match(device!, /^CPU, .*SwiftShader/)
  assert.ok(report().auto.length >= 3)
  for (const { backend } of report().auto) assert.notEqual(backend, 'webgpu')
})

test('what is required and missing is an error with a sentence', async () => {
  const { code, output } = await doctor(noVulkan, ['--require', 'webgpu'])
  assert.equal(code, 1)
  assert.match(output, /The backend "webgpu" is required and not there/)
})

test('a start that aborts, ends or never answers is an answer', async () => {
  const reasonOf = async (name: string, timeLimitMs = 60_000) => {
    const file = new URL(`crashing-probe.ts`, import.meta.url)
    const [state] = await probeBackend('cuda', {
      program: file,
      timeLimitMs,
      env: { CRASH: name },
    })
    assert.deepEqual([state!.engine, state!.isAvailable], ['tensorflow', false])
    return state!.reason
  }
  assert.match((await reasonOf('abort'))!, /^its start was ended by SIGABRT/)
  assert.equal(await reasonOf('exit'), 'its start ended with code 3: the driver is too old')
  assert.equal(await reasonOf('hang', 300), 'no answer within 0.3 seconds')
})

test('the libraries that libtensorflow looked for in vain are named', () => {
  const line = (name: string) =>
    `2026-01-01 W dso_loader.cc:64] Could not load dynamic library '${name}'; dlerror: ${name}: cannot open shared object file\n`
  assert.equal(missingLibraries('nothing of note'), '')
  assert.equal(
    missingLibraries(line('libcudart.so.11.0').repeat(2)),
    '; the library libcudart.so.11.0 is not found',
  )
  assert.match(
    missingLibraries(line('libcudart.so.11.0') + line('libcudnn.so.8')),
    /the libraries libcudart.so.11.0, libcudnn.so.8 are not found/,
  )
})
