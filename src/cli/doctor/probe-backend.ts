import { fork } from 'node:child_process'
import { extname } from 'node:path'
import { z } from 'zod'
import { type BackendName, type EngineState, engineStateSchema } from '../../model/engine-report.ts'
import type { EngineOption } from '../../training/engines/engine.ts'

/** Compiled code runs compiled code; sources run sources, under the loader that they inherit. */
const ownProgram = new URL(`./probe${extname(import.meta.url)}`, import.meta.url)
const statesSchema = z.array(engineStateSchema)

/** The outcome of a probing process: its answer, or how it ended without one. */
type Outcome = { states: EngineState[] | null; ending: string; stderr: string }

export type ProbeOptions = {
  /** A GPU's first start may compile for long. */
  timeLimitMs?: number
  env?: Readonly<Record<string, string>>
  /** The program of the process; tests have it crash. */
  program?: URL
}

/** The engines that compute on each backend. */
export const enginesOn = {
  cuda: ['tensorflow'],
  webgpu: ['webgpu', 'tensorflow'],
  wasm: ['simd', 'tensorflow'],
} as const satisfies Record<BackendName, readonly EngineOption['engine'][]>

/**
 * Tries the engines of a backend in a process of its own, so that this one loads none of their code
 * and outlives native libraries that abort: that too is an answer, in the `reason`.
 */
export async function probeBackend(
  backend: BackendName,
  options: ProbeOptions = {},
): Promise<EngineState[]> {
  const { states, ending, stderr } = await runProbe(backend, options)
  if (!states) {
    const lastWords = stderr.trim().split('\n').at(-1) ?? ''
    const reason = lastWords === '' ? ending : `${ending}: ${lastWords}`
    const state = { backend, isAvailable: false, device: null, isSoftware: false, reason }
    return enginesOn[backend].map((engine) => ({ ...state, engine }))
  }
  return states.map((state) => ({
    ...state,
    reason: state.reason === null ? null : state.reason + missingLibraries(stderr),
  }))
}

/** The libraries of CUDA that libtensorflow missed, in words, from its stderr; '' for none. */
export function missingLibraries(stderr: string): string {
  const names = [...stderr.matchAll(/Could not load dynamic library '([^']+)'/g)]
  const unique = [...new Set(names.map(([, name]) => name))]
  if (unique.length === 0) return ''
  return unique.length === 1
    ? `; the library ${unique[0]} is not found`
    : `; the libraries ${unique.join(', ')} are not found`
}

function runProbe(
  backend: BackendName,
  { timeLimitMs = 60_000, env = {}, program = ownProgram }: ProbeOptions,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = fork(program, [backend, ...enginesOn[backend]], {
      // Without growth CUDA would take all the memory of a GPU that may be training.
      // biome-ignore lint/style/noProcessEnv: nothing is read from it, it is handed on as it is
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    })
    let states: EngineState[] | null = null
    let stderr = ''
    let ending = ''
    const timer = setTimeout(() => {
      ending = `no answer within ${timeLimitMs / 1_000} seconds`
      child.kill('SIGKILL')
    }, timeLimitMs)
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-20_000)
    })
    child.on('message', (message) => {
      states = statesSchema.safeParse(message).data ?? null
    })
    child.on('error', (error) => {
      ending = `it cannot be probed: ${error.message}`
    })
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      ending ||= signal ? `its start was ended by ${signal}` : `its start ended with code ${code}`
      resolve({ states, ending, stderr })
    })
  })
}
