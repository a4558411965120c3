import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { loaderArgs } from '../support/loader.ts'
import type { QueueBench } from './queue-bench.ts'

/** Process ids of the trainings that run for the workers of a bench. */
export function trainingProcesses({ prefix }: Pick<QueueBench, 'prefix'>): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(
      (pid) =>
        commandOf(pid).includes('bullmq') &&
        read(`/proc/${pid}/environ`)?.includes(`MARQUEE_QUEUE_PREFIX=${prefix}\0`),
    )
}

/** The process is there and not a zombie that only waits to be counted. */
export function isAlive(pid: number): boolean {
  return commandOf(pid) !== ''
}

/** A process that runs a TypeScript file as a worker over the bench's queue and store. */
export async function startWorkerProcess(
  bench: QueueBench,
  { file = './stub-worker.ts', args = [] as string[], lockMs = 1_000, env = {} } = {},
): Promise<ChildProcess> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const worker = spawn(process.execPath, [...loaderArgs, path, ...args], {
    stdio: ['ignore', 'inherit', 'pipe'],
    env: {
      ...process.env,
      REDIS_URL: bench.redisUrl,
      MARQUEE_QUEUE_PREFIX: bench.prefix,
      MARQUEE_STORE: bench.folder,
      MARQUEE_TENSORFLOW_BACKEND: 'wasm',
      MARQUEE_JOB_LOCK_MS: String(lockMs),
      LOG_LEVEL: 'info',
      ...env,
    },
  })
  const lines = createInterface(worker.stderr!)
  for await (const line of lines) if (line.includes('The worker takes jobs.')) break
  worker.stderr!.resume()
  return worker
}

/** Sends the signal and resolves with exit code and signal once the process has ended. */
export async function endProcess(worker: ChildProcess, signal: NodeJS.Signals): Promise<unknown[]> {
  const exit = once(worker, 'exit')
  worker.kill(signal)
  return exit
}

function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`) ?? ''
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
