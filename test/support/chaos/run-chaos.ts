import { readdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../../../src/numeric/random/random.ts'
import { checkHistory, type Violation } from './check-history.ts'
import { startClients } from './clients.ts'
import { type Service, startService } from './cluster.ts'
import { type Fault, faultsFor, inTurn } from './faults.ts'
import { finalStateOf } from './final-state.ts'
import type { History, Operation, Outcome } from './history.ts'

export type ChaosOptions = {
  readonly rounds: number
  readonly seed: number
  /** After so many rounds all is looked at, and the next begins with an empty store. */
  readonly roundsOfEpisode?: number
  /** What runs Marquee; `bin/marquee` unless told. */
  readonly command?: readonly string[]
  /** Only faults whose names begin so; all that can be made here unless told. */
  readonly only?: readonly string[]
  readonly log?: (line: string) => void
}

export type ChaosReport = {
  readonly rounds: number
  readonly seconds: number
  /** By kind and outcome, how many operations. */
  readonly operations: Record<string, Partial<Record<Outcome, number>>>
  readonly faults: Record<string, number>
  readonly skipped: readonly string[]
  readonly violations: readonly Violation[]
}

/** Before the next fault, what was hurt has so long to heal. */
const healMs = 180_000
const progressMs = 5_000

/**
 * Clients write ratings, import, erase, train, promote and schedule while one thing after another goes
 * wrong; then what is there is held against what they were told.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { rounds, seed, roundsOfEpisode = 10, only, log = () => {} } = options
  const begin = performance.now()
  const operations: ChaosReport['operations'] = {}
  const faults: Record<string, number> = {}
  const violations: Violation[] = []
  const hasSmallDisk = only === undefined || only.some((name) => name.includes('disk'))
  let skipped: readonly string[] = []
  const random = createRandom(seed, 'faults')
  let next: (() => Fault) | null = null
  for (let round = 0; round < rounds; ) {
    const service = await startService({ ...options, liveEvents: 200, hasSmallDisk })
    try {
      if (next === null) {
        const possible = faultsFor(service)
        skipped = possible.skipped
        const wanted = only ?? ['']
        next = inTurn(
          possible.faults.filter(({ name }) => wanted.some((start) => name.startsWith(start))),
          random,
        )
      }
      await healed(service)
      const clients = startClients(service.base, seed * 1_000 + round)
      const emptied: number[] = []
      const bench = { service, random, onEmptied: () => emptied.push(Date.now()) }
      const last = Math.min(rounds, round + roundsOfEpisode)
      for (; round < last; round++) {
        await progress(clients.operations)
        await sleep(1_000 * random.uniform())
        const fault = next()
        log(`round ${round + 1}: ${fault.name}`)
        faults[fault.name] = (faults[fault.name] ?? 0) + 1
        await fault.run(bench)
        if (!(await healed(service)))
          violations.push({ kind: 'stuck', what: `not live again after "${fault.name}"` })
      }
      await sleep(500)
      await clients.stop()
      const history: History = { operations: clients.operations, emptied }
      for (const { kind, outcome } of history.operations) {
        operations[kind] ??= {}
        operations[kind][outcome] = (operations[kind][outcome] ?? 0) + 1
      }
      const final = await finalStateOf(service, history.operations)
      const found = checkHistory(history, final)
      found.push(...(await unswept(service)))
      for (const { kind, what } of found) log(`${kind}: ${what}`)
      violations.push(...found)
    } finally {
      await service.remove()
    }
  }
  const seconds = (performance.now() - begin) / 1_000
  return { rounds, seconds, operations, faults, skipped, violations }
}

/** Waits, not for long, until clients are answered well again, an import among them. */
async function progress(operations: readonly Operation[]): Promise<void> {
  const from = operations.length
  for (const end = Date.now() + progressMs; Date.now() < end; await sleep(50)) {
    const good = operations.slice(from).filter(({ outcome }) => outcome === 'ok')
    if (good.length > 20 && good.some(({ kind }) => kind === 'import')) return
  }
}

/** Whether it answers again in time. */
async function healed({ base }: Service): Promise<boolean> {
  for (const end = Date.now() + healMs; Date.now() < end; await sleep(50)) {
    const signal = AbortSignal.timeout(10_000)
    if (
      await fetch(`${base}/health/live`, { signal }).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return true
  }
  return false
}

/** What a start does not sweep up of what was killed. */
async function unswept(service: Service): Promise<Violation[]> {
  await service.restart('serve')
  await healed(service)
  const uploads = async () =>
    (await readdir(service.uploads)).filter((name) => !name.startsWith('tsx-'))
  for (const end = Date.now() + healMs; Date.now() < end && (await uploads()).length > 0; )
    await sleep(50)
  const left = await uploads()
  await service.stop()
  return left.map((name) => ({ kind: 'left over', what: `upload ${name}` }))
}
