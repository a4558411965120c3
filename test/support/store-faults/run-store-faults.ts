import { pino } from 'pino'
import { createRandom } from '../../../src/numeric/random/random.ts'
import { openServing } from '../../../src/serving/serving.ts'
import { createModelRegistry } from '../../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../../src/storage/object-store.ts'
import type { Fault, Place, StoreKind } from './faults.ts'
import type { Flow } from './flows.ts'
import { type Case, tryOut } from './try-out.ts'
import { statesBetween, visibleIn } from './visible.ts'

/** What was tried, and what came of it. */
export type Tried = {
  readonly store: string
  readonly flow: string
  /** Of an undisturbed run. */
  readonly calls: number
  readonly cases: number
  /** So many ended well in spite of the fault; what did not was tried again. */
  readonly unharmed: number
  readonly violations: number
  readonly minutes: number
}

export type Violation = {
  readonly store: string
  readonly flow: string
  readonly fault: Fault
  /** The call that the fault was at. */
  readonly call: string
  readonly what: string
}

export type StoreFaultsReport = {
  readonly tried: readonly Tried[]
  readonly violations: readonly Violation[]
}

const logger = pino({ level: 'silent' })
const neverMs = 3_600_000

export type StoreFaultsOptions = {
  readonly seed?: number
  /** So many cases of each flow over each kind of store, drawn at random; all unless told. */
  readonly sample?: number
  /** Faults only at calls that fit. */
  readonly at?: RegExp
  /** So many cases at once, most of whose time is spent waiting for a disk or a server. */
  readonly beside?: number
  readonly log?: (line: string) => void
}

/**
 * Runs each flow over each kind of store with each fault at each of its calls, or some of these; gives
 * what was tried and what is not as it should be.
 */
export async function runStoreFaults(
  kinds: readonly StoreKind[],
  flows: readonly Flow[],
  options: StoreFaultsOptions = {},
): Promise<StoreFaultsReport> {
  const { seed = 1, sample = Number.POSITIVE_INFINITY, at = /^/, beside = 1, log } = options
  const random = createRandom(seed, 'store-faults')
  const tried: Tried[] = []
  const violations: Violation[] = []
  for (const kind of kinds)
    for (const flow of flows) {
      const begun = performance.now()
      const { calls, lanes, close } = await openCases(kind, flow, beside)
      const points = callPoints(calls).filter((call) => at.test(calls[call]!))
      const all = kind.faults.flatMap((fault) => points.map((call) => ({ kind: fault, at: call })))
      while (all.length > sample) all.splice(random.below(all.length), 1)
      const facts = { store: kind.name, flow: flow.name }
      const found: Violation[] = []
      let unharmed = 0
      const left = all.values()
      const runLane = async (tryFault: Lane) => {
        for (const fault of left) {
          const { what, isUnharmed } = await tryFault(fault)
          unharmed += Number(isUnharmed)
          const call = calls[fault.at]!
          found.push(...what.map((one) => ({ ...facts, fault, call, what: one })))
          for (const one of what) log?.(`${fault.kind} at ${fault.at} (${call}): ${one}`)
        }
      }
      await Promise.all(lanes.map(runLane))
      const minutes = (performance.now() - begun) / 60_000
      const numbers = { calls: calls.length, cases: all.length, violations: found.length, minutes }
      tried.push({ ...facts, ...numbers, unharmed })
      violations.push(...found)
      log?.(`${kind.name}, ${flow.name}: ${all.length} cases, ${found.length} violations`)
      await close()
    }
  return { tried, violations }
}

/**
 * The calls that faults are at: of those that follow one another and are the same, such as the writes
 * of a file's parts, the first, the last and one between.
 */
function callPoints(calls: readonly string[]): number[] {
  const points: number[] = []
  for (let from = 0; from < calls.length; ) {
    let to = from
    while (calls[to + 1] === calls[from]) to++
    points.push(...new Set([from, (from + to) >> 1, to]))
    from = to + 1
  }
  return points
}

type Lane = (fault: Fault) => ReturnType<typeof tryOut>

/** The calls of an undisturbed run, and who tries faults at them, each one after the other. */
async function openCases(kind: StoreKind, flow: Flow, beside: number) {
  const begun = await kind.place()
  const prepared = await begun.run(null, (store) => flow.prepare(store))
  if (prepared.error) throw prepared.error
  const before = await visibleIn(begun.store)
  const clean = await begun.copy()
  const undisturbed = await flow.begin()
  const { error, calls } = await clean.run(null, (store) => undisturbed.run(store, 1))
  if (error) throw error
  await undisturbed.checkEnd?.(clean.store)
  const after = await visibleIn(clean.store)
  await clean.remove()
  const states = statesBetween(before, after, flow.steps)
  const opening = Array.from({ length: beside }, () => openLane(begun, { flow, calls, states }))
  const opened = await Promise.all(opening)
  return {
    calls,
    lanes: opened.map(({ lane }) => lane),
    async close() {
      for (const { close } of opened) await close()
      await begun.remove()
    },
  }
}

type Tries = Pick<Case, 'flow' | 'states'> & { readonly calls: readonly string[] }

async function openLane(begun: Place, { flow, calls, states }: Tries) {
  // One that serves from the place of the case, whichever that is.
  let now = begun.store
  const store = new Proxy({} as ObjectStore, {
    get: (_, name) => now[name as keyof ObjectStore],
  })
  const registry = createModelRegistry(store)
  const serving = await openServing({ store, registry, pollMs: neverMs, logger })
  const lane: Lane = async (fault) => {
    const place = await begun.copy()
    now = place.store
    await serving.refresh()
    try {
      return await tryOut({ place, flow, fault, call: calls[fault.at]!, states, serving })
    } finally {
      now = begun.store
      await place.remove()
    }
  }
  return { lane, close: () => serving.close() }
}
