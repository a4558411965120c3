import { MarqueeError } from '../../errors.ts'
import type { BackendPreference } from '../engine.ts'
import { startCuda } from './cuda-backend.ts'
import { startWasm } from './wasm-backend.ts'
import { startWebgpu } from './webgpu-backend.ts'

export type BackendName = Exclude<BackendPreference, 'auto'>
export type BackendChoice = { readonly backend: BackendName; readonly device: string }

/** Sets TensorFlow.js to a backend and names its device, or throws an error that says why not. */
export type StartBackend = (options: { isExplicit: boolean }) => Promise<string>

const inOrder: readonly [BackendName, StartBackend][] = [
  ['cuda', startCuda],
  ['webgpu', startWebgpu],
  ['wasm', startWasm],
]

/**
 * Starts the backend asked for, or with "auto" the first of cuda, webgpu and wasm that starts. When
 * none does, a `no-engine` error with the reason of each.
 */
export async function chooseBackend(preference: BackendPreference): Promise<BackendChoice> {
  const isExplicit = preference !== 'auto'
  const reasons: string[] = []
  for (const [backend, start] of inOrder) {
    if (isExplicit && backend !== preference) continue
    try {
      return { backend, device: await start({ isExplicit }) }
    } catch (error) {
      const [reason] = String(error instanceof Error ? error.message : error).split('\n')
      reasons.push(`${backend}: ${reason}`)
    }
  }
  const wanted = isExplicit
    ? `The backend "${preference}" cannot be used here`
    : 'No backend starts'
  throw new MarqueeError('no-engine', `${wanted} (${reasons.join('; ')}).`)
}
