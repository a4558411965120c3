import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pino } from 'pino'
import { openServing } from '../../src/serving/serving.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { createModelRegistry } from '../../src/storage/model-registry.ts'
import { versions } from './make-stores.ts'

export type SwapFigures = {
  /** How long the event loop was held up, in milliseconds. */
  readonly maxMs: number
  readonly p99Ms: number
  /** Of one swap: by the clock, of the process's CPU, and with the main thread at work. */
  readonly seconds: number
  readonly cpuSeconds: number
  readonly busySeconds: number
}

/** How long the event loop is held up while a process with nothing else to do swaps models. */
async function measureSwaps(folder: string, swaps: number): Promise<SwapFigures> {
  const store = createFileStore(folder)
  const registry = createModelRegistry(store)
  const logger = pino({ level: 'silent' })
  const serving = await openServing({ store, registry, pollMs: 3_600_000, logger })
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const loop = performance.eventLoopUtilization()
  const before = process.cpuUsage()
  const begin = performance.now()
  for (let swap = 0; swap < swaps; swap++) await serving.promote(versions[swap % 2]!)
  const seconds = (performance.now() - begin) / 1_000 / swaps
  const { user, system } = process.cpuUsage(before)
  delay.disable()
  const { active } = performance.eventLoopUtilization(loop)
  await serving.close()
  return {
    maxMs: delay.max / 1e6,
    p99Ms: delay.percentile(99) / 1e6,
    seconds,
    cpuSeconds: (user + system) / 1e6 / swaps,
    busySeconds: active / 1_000 / swaps,
  }
}

const [folder, swaps] = process.argv.slice(2) as [string, string]
process.stdout.write(`${JSON.stringify(await measureSwaps(folder, Number(swaps)))}\n`)
