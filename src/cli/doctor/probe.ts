import { MarqueeError } from '../../errors.ts'
import type { BackendName, EngineState } from '../../model/engine-report.ts'
import { type EngineOption, startEngine } from '../../training/engines/engine.ts'
import { findAdapter } from '../../training/engines/webgpu/adapter.ts'

async function probe(engine: EngineOption['engine'], backend: BackendName): Promise<EngineState> {
  const state = { engine, backend, isAvailable: false, device: null, isSoftware: false }
  try {
    const started = await startEngine([{ engine, backend, takesSoftware: true }])
    const { device } = started.engine
    const isSoftware =
      backend === 'webgpu' && (await findAdapter({ takesSoftware: true })).isSoftware
    return { ...state, isAvailable: true, device, isSoftware, reason: null }
  } catch (error) {
    return { ...state, reason: reasonOf(error) }
  }
}

/** Without the sentence around it that names the engine. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const inner = error instanceof MarqueeError ? /\([a-z ]+: (.*)\)\.$/s.exec(text)?.[1] : undefined
  return inner ?? text
}

// A program that `probe-backend.ts` forks: it tells which engines start on a backend.
process.on('disconnect', () => process.exit(1))
const [backend, ...engines] = process.argv.slice(2) as [BackendName, ...EngineOption['engine'][]]
const states: EngineState[] = []
for (const engine of engines) states.push(await probe(engine, backend))
process.send?.(states, () => process.exit(0))
