import { createRequire } from 'node:module'
import { cpus } from 'node:os'
import { dirname, sep } from 'node:path'
import * as tf from '@tensorflow/tfjs-core'
import { registerWasmKernels } from './wasm-kernels.ts'

/** Starts WebAssembly (SIMD where the CPU has it, one thread), with the kernels it lacks. */
export async function startWasm(): Promise<string> {
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm')
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(entry) + sep)
  const isSet = await withoutProcessListeners(() => tf.setBackend('wasm'))
  if (!isSet) throw new Error('the WebAssembly module does not start')
  registerWasmKernels()
  return `CPU, ${cpus()[0]?.model.trim() ?? 'unknown model'} (WebAssembly)`
}

const fatalEvents = ['uncaughtException', 'unhandledRejection'] as const

/**
 * Emscripten's start-up code adds listeners that rethrow what nobody caught, which would change how
 * the process that trains ends. They are taken off again.
 */
async function withoutProcessListeners<Result>(start: () => Promise<Result>): Promise<Result> {
  const before = fatalEvents.map((event) => new Set<unknown>(process.listeners(event as 'exit')))
  const result = await start()
  fatalEvents.forEach((event, i) => {
    for (const listener of process.listeners(event as 'exit'))
      if (!before[i]!.has(listener)) process.off(event, listener)
  })
  return result
}
