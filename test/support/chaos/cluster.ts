import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { descendantsOf } from '../marquee.ts'
import { freePort, startRedis, type TestRedis } from '../redis.ts'
import { removeFolder } from '../remove-folder.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

export type Command = 'serve' | 'work'
export type Service = {
  readonly base: string
  readonly redis: TestRedis
  readonly store: string
  readonly uploads: string
  /** The small disk that the store is on; null where this machine lets us mount none. */
  readonly disk: SmallDisk | null
  pidOf(command: Command): number
  /** The processes of trainings. */
  children(): number[]
  /** Ends it at once if it runs, and starts it anew. */
  restart(command: Command): Promise<void>
  /** Tells both to stop; gives those that had to be killed. */
  stop(): Promise<Command[]>
  /** Processes that were started with this service, or by it, and still run. */
  strays(): string[]
  /** Ends all that is left and removes the folders. */
  remove(): Promise<void>
}

const stopMs = 120_000
const marquee = fileURLToPath(new URL('../../../bin/marquee', import.meta.url))

/** Starts `serve`, `work` and a Redis with a store of their own; `command` is what runs Marquee. */
export async function startService({
  command = [marquee],
  liveEvents,
  hasSmallDisk = false,
}: {
  command?: readonly string[]
  liveEvents: number
  /** Whether the store is on a small disk of its own, where one can be mounted. */
  hasSmallDisk?: boolean
}): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-chaos-'))
  const [store, uploads] = [join(folder, 'store'), join(folder, 'uploads')]
  for (const one of [store, uploads]) await mkdir(one)
  const disk = hasSmallDisk ? mountSmallDisk(store) : null
  const redis = await startRedis()
  const port = await freePort()
  const mark = `chaos-${randomBytes(6).toString('hex')}`
  const env = {
    ...{ PORT: `${port}`, HOST: '127.0.0.1', REDIS_URL: redis.url, MARQUEE_STORE: store },
    ...{ MARQUEE_QUEUE_PREFIX: mark, MARQUEE_API_KEYS: '', TMPDIR: uploads, LOG_LEVEL: 'warn' },
    ...{ MARQUEE_LIVE_EVENTS: `${liveEvents}`, MARQUEE_JOB_LOCK_MS: '3000' },
    ...{ MARQUEE_JOB_ATTEMPTS: '20', MARQUEE_STORE_ROOM_BYTES: '1000000' },
    ...{ MARQUEE_MODEL_POLL_MS: '200', MARQUEE_CHECKPOINT_MS: '0' },
  }
  const running = new Map<Command, ChildProcess>()
  const start = (name: Command) => {
    const [program, ...args] = [...command, name]
    const child = spawn(program!, args, { env: { ...process.env, ...env }, stdio: 'ignore' })
    running.set(name, child)
  }
  const base = `http://127.0.0.1:${port}`
  const strays = () => processesWith(mark)
  for (const name of ['serve', 'work'] as const) start(name)
  return {
    ...{ base, redis, store, uploads, disk, strays },
    pidOf: (name) => running.get(name)!.pid!,
    children: () => descendantsOf(running.get('work')!.pid!),
    async restart(name) {
      await end(running.get(name)!, 'SIGKILL')
      start(name)
    },
    async stop() {
      const names = [...running.keys()]
      const isKilled = await Promise.all(names.map((name) => end(running.get(name)!, 'SIGTERM')))
      return names.filter((_, i) => isKilled[i])
    },
    async remove() {
      for (const child of running.values()) await end(child, 'SIGKILL')
      for (const line of strays()) process.kill(Number.parseInt(line, 10), 'SIGKILL')
      await redis.stop()
      await disk?.unmount()
      await removeFolder(folder)
    },
  }
}

/** Ends a process; true where it did not heed the signal and was killed. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false
  const exited = once(child, 'exit')
  // One that is stopped hears nothing else.
  child.kill('SIGCONT')
  child.kill(signal)
  const timer = new AbortController()
  const isLate = await Promise.race([
    exited.then(() => false),
    sleep(stopMs, true, { signal: timer.signal }).catch(() => false),
  ])
  timer.abort()
  if (!isLate) return false
  child.kill('SIGKILL')
  await exited
  return true
}

/** Processes with the mark in their environment, as `pid command` (Linux). */
function processesWith(mark: string): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return []
    try {
      const isOurs = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)
      return isOurs
        ? [`${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0').join(' ')}`]
        : []
    } catch {
      // It ended while we looked, or is another user's.
      return []
    }
  })
}
