import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import type { Random } from '../../../src/numeric/random/random.ts'
import type { Command, Service } from './cluster.ts'

export type Bench = {
  readonly service: Service
  readonly random: Random
  /** Redis loses all that it has. */
  onEmptied(): void
}
/** Something that goes wrong and is over when it resolves; what was killed runs again by then. */
export type Fault = { readonly name: string; run(bench: Bench): Promise<void> }

const pick = <One>(random: Random, from: readonly One[]) => from[random.below(from.length)]!

/** A moment between so many milliseconds. */
const moment = ({ random }: Bench, least: number, most: number) =>
  sleep(least + (most - least) * random.uniform())

/** A command of Redis's own while others are connected. */
async function tell({ service }: Bench, ...[name, ...args]: [string, ...(string | number)[]]) {
  const redis = new Redis(service.redis.url, { maxRetriesPerRequest: 1 })
  try {
    await redis.call(name, ...args)
  } finally {
    redis.disconnect()
  }
}

async function paused(pid: number, wait: () => Promise<unknown>): Promise<void> {
  try {
    process.kill(pid, 'SIGSTOP')
    await wait()
    process.kill(pid, 'SIGCONT')
  } catch {
    // It has ended by itself, as trainings do.
  }
}

const kill = (command: Command): Fault => ({
  name: `kill ${command}`,
  run: ({ service }) => service.restart(command),
})
const pause = (command: Command): Fault => ({
  name: `pause ${command}`,
  run: (bench) => paused(bench.service.pidOf(command), () => moment(bench, 500, 5_000)),
})

const ofProcesses: readonly Fault[] = [
  kill('serve'),
  kill('work'),
  pause('serve'),
  pause('work'),
  {
    name: 'kill the training',
    async run(bench) {
      for (let tries = 0; tries < 40; tries++) {
        const [child] = bench.service.children()
        if (child !== undefined) {
          await moment(bench, 0, 400)
          if (bench.service.children().includes(child)) process.kill(child, 'SIGKILL')
          return
        }
        await sleep(100)
      }
    },
  },
  {
    name: 'pause the training',
    async run(bench) {
      const child = bench.service.children()[0]
      if (child !== undefined) await paused(child, () => moment(bench, 500, 5_000))
    },
  },
  {
    name: 'kill serve and work',
    run: async ({ service }) => {
      await Promise.all([service.restart('serve'), service.restart('work')])
    },
  },
]

const ofRedis: readonly Fault[] = [
  {
    name: 'kill Redis',
    async run(bench) {
      await bench.service.redis.kill()
      await moment(bench, 0, 1_500)
      await bench.service.redis.restart()
    },
  },
  {
    name: 'pause Redis',
    async run(bench) {
      await bench.service.redis.kill('SIGSTOP')
      await moment(bench, 100, 3_000)
      await bench.service.redis.kill('SIGCONT')
    },
  },
  {
    name: 'slow Redis',
    async run(bench) {
      for (let i = 0; i < 10; i++) await tell(bench, 'CLIENT', 'PAUSE', 150, 'ALL')
    },
  },
  {
    name: 'full Redis',
    async run(bench) {
      await tell(bench, 'CONFIG', 'SET', 'maxmemory', 1)
      await moment(bench, 500, 3_000)
      await tell(bench, 'CONFIG', 'SET', 'maxmemory', 0)
    },
  },
  {
    name: 'empty Redis',
    async run(bench) {
      await tell(bench, 'FLUSHALL')
      bench.onEmptied()
    },
  },
]

const ofDisk: readonly Fault[] = [
  {
    name: 'full disk',
    async run(bench) {
      const { disk } = bench.service
      await disk!.fill()
      await moment(bench, 500, 3_000)
      await disk!.empty()
    },
  },
  {
    name: 'read-only disk',
    async run(bench) {
      const { disk } = bench.service
      for (let tries = 0; tries < 20 && !disk!.setReadOnly(true); tries++) await sleep(20)
      await moment(bench, 500, 3_000)
      disk!.setReadOnly(false)
    },
  },
]

/** System calls of a process fail, or kill it, each in its turn from some moment on. */
const ofSystemCalls: readonly Fault[] = (['serve', 'work'] as const).flatMap((command) =>
  (['fsync:error=EIO', 'rename:error=ENOSPC', 'link:error=EIO', 'rename:signal=KILL'] as const).map(
    (effect): Fault => ({
      name: `${command}: ${effect}`,
      async run(bench) {
        const { service, random } = bench
        const victim = command === 'serve' ? service.pidOf('serve') : service.children()[0]
        const [call] = effect.split(':')
        const calls =
          call === 'link' ? 'link,linkat' : call === 'rename' ? 'rename,renameat,renameat2' : call!
        const inject = `inject=${calls}:${effect.slice(call!.length + 1)}:when=${1 + random.below(6)}`
        const pid = victim ?? service.pidOf('work')
        const args = ['-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', inject]
        const tracer = spawn('strace', [...args, '-p', `${pid}`], { stdio: 'ignore' })
        const ended = once(tracer, 'exit')
        await Promise.race([ended, moment(bench, 1_000, 3_000)])
        // Told so, it lets go of the process; where that ends just then, it may wait for ever.
        tracer.kill('SIGINT')
        await Promise.race([ended, sleep(2_000)])
        tracer.kill('SIGKILL')
        await ended
        if (effect.endsWith('KILL')) await service.restart(command)
      },
    }),
  ),
)

/** The faults that can be made here, and why others cannot. */
export function faultsFor(service: Service): { faults: Fault[]; skipped: string[] } {
  const faults = [...ofProcesses, ...ofRedis]
  const skipped: string[] = []
  if (service.disk) faults.push(...ofDisk)
  else skipped.push('full and read-only disk (a tmpfs can be mounted by root only)')
  if (spawnSync('strace', ['-V']).status === 0) faults.push(...ofSystemCalls)
  else skipped.push('failing system calls (strace is not there)')
  return { faults, skipped }
}

/** Every fault once, in an order of the seed, and so on again. */
export function inTurn(faults: readonly Fault[], random: Random): () => Fault {
  let left: Fault[] = []
  return () => {
    if (left.length === 0) left = [...faults]
    const next = pick(random, left)
    left.splice(left.indexOf(next), 1)
    return next
  }
}
