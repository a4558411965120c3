import { pino } from 'pino'
import { createRandom } from '../../../src/numeric/random/random.ts'
import { openServing, type Serving } from '../../../src/serving/serving.ts'
import { createModelRegistry } from '../../../src/storage/model-registry.ts'
import type { ObjectStore } from '../../../src/storage/object-store.ts'
import type { Fault, FaultKind, Place, StoreKind } from './faults.ts'
import type { Flow } from './flows.ts'
import {
  differenceOf,
  expectFindings,
  fingerprintOf,
  statesBetween,
  type Visible,
  visibleIn,
} from './visible.ts'

/** What was tried, and what came of it. */
export type Tried = {
  readonly store: string
  readonly flow: string
  readonly kind: FaultKind
  readonly cases: number
  /** So many ended well in spite of the fault. */
  readonly unharmed: number
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
/** So often whoever serves is asked; it looks for what is new when it is told to. */
const askedMs = 10
const neverMs = 3_600_000

export type StoreFaultsOptions = {
  readonly seed?: number
  /** So many cases of each flow over each kind of store, drawn at random; all unless told. */
  readonly sample?: number
  /** Faults only at calls that fit. */
  readonly at?: RegExp
  readonly log?: (line: string) => void
}

/**
 * Runs each flow over each kind of store with each fault at each of its calls, or some of these; gives
 * what was tried and what is not as it should be.
 */
export async function runStoreFaults(
  kinds: readonly StoreKind[],
  flows: readonly Flow[],
  { seed = 1, sample = Number.POSITIVE_INFINITY, at = /^/, log }: StoreFaultsOptions = {},
): Promise<StoreFaultsReport> {
  const random = createRandom(seed, 'store-faults')
  const tried: Tried[] = []
  const violations: Violation[] = []
  for (const kind of kinds)
    for (const flow of flows) {
      const cases = await openCases(kind, flow)
      const points = [...cases.calls.keys()].filter((call) => at.test(cases.calls[call]!))
      const all = kind.faults.flatMap((fault) => points.map((call) => ({ kind: fault, at: call })))
      while (all.length > sample) all.splice(random.below(all.length), 1)
      for (const fault of kind.faults) {
        let unharmed = 0
        const chosen = all.filter((one) => one.kind === fault)
        for (const one of chosen) {
          const { what, isUnharmed } = await cases.tryOut(one)
          unharmed += Number(isUnharmed)
          const call = cases.calls[one.at]!
          const facts = { store: kind.name, flow: flow.name, fault: one, call }
          violations.push(...what.map((found) => ({ ...facts, what: found })))
          for (const found of what) log?.(`${one.kind} at ${one.at} (${call}): ${found}`)
        }
        const facts = { store: kind.name, flow: flow.name, kind: fault }
        tried.push({ ...facts, cases: chosen.length, unharmed })
        log?.(`${kind.name}, ${flow.name}, ${fault}: ${chosen.length} cases, ${unharmed} unharmed`)
      }
      await cases.close()
    }
  return { tried, violations }
}

async function openCases(kind: StoreKind, flow: Flow) {
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
  // One that serves from the place of the case, whichever that is.
  let now = begun.store
  const store = new Proxy({} as ObjectStore, {
    get: (_, name) => now[name as keyof ObjectStore],
  })
  const registry = createModelRegistry(store)
  const serving = await openServing({ store, registry, pollMs: neverMs, logger })
  return {
    calls,
    async tryOut(fault: Fault) {
      const place = await begun.copy()
      now = place.store
      await serving.refresh()
      try {
        const call = calls[fault.at]!
        return await tryOut({ place, flow, fault, call, states, serving })
      } finally {
        now = begun.store
        await place.remove()
      }
    },
    async close() {
      await serving.close()
      await begun.remove()
    },
  }
}

type Case = {
  readonly place: Place
  readonly flow: Flow
  readonly fault: Fault
  readonly call: string
  /** See `statesBetween`. */
  readonly states: readonly Visible[]
  readonly serving: Serving
}

/** What is not as it should be in one case, in sentences. */
async function tryOut({
  place,
  flow,
  fault,
  call,
  states,
  serving,
}: Case): Promise<{ what: string[]; isUnharmed: boolean }> {
  const what: string[] = []
  const noted = async <T>(when: string, look: () => Promise<T>): Promise<T | null> => {
    try {
      return await look()
    } catch (error) {
      what.push(`${when}: ${error instanceof Error ? error.message : error}`)
      return null
    }
  }
  const after = states.at(-1)!
  const known = states.map(fingerprintOf)
  const { store } = place
  const registry = createModelRegistry(store)
  const watch = watchAnswers(serving)
  const { run, check, checkEnd } = await flow.begin()
  let looking: Promise<void> = Promise.resolve()
  const { error } = await place.run(
    fault,
    (faulty) => run(faulty, 1),
    () => {
      looking = serving.refresh()
    },
  )
  await looking

  const seen = await noted('after the fault', () => visibleIn(store))
  if (seen && !known.includes(fingerprintOf(seen))) {
    const nearest = differenceOf(states[0]!, seen)
    what.push(`after the fault: neither before nor after nor a step between: ${nearest}`)
  }
  if (!error && seen && fingerprintOf(seen) !== known.at(-1))
    what.push(`it was said to be done: ${differenceOf(after, seen)}`)
  await noted('after the fault', async () => check?.(store))
  const left = await place.unfinished()
  const isKilled = fault.kind === 'cut' || fault.kind === 'gone'
  // What could not be removed is swept later.
  if (left.length > 0 && !isKilled && !call.startsWith('rm '))
    what.push(`after the fault: unfinished ${left}`)
  await noted('serving after the fault', () => servesPointer(serving, registry))

  await place.age()
  // Who has been told that an import is there does not send it again.
  if (error) {
    const again = await place.run(null, (healed) => run(healed, 2))
    if (again.error) what.push(`the retry failed: ${again.error}`)
  }
  const end = await noted('in the end', () => visibleIn(store))
  const isTwice = error && seen && fingerprintOf(seen) === known.at(-1)
  if (end) {
    // Where the answer of an import was lost it may be there twice, which changes no rating.
    const compared = isTwice ? { ...end, imports: after['imports']! } : end
    if (fingerprintOf(compared) !== known.at(-1))
      what.push(`in the end: ${differenceOf(after, compared)}`)
  }
  await noted('in the end', async () => checkEnd?.(store))
  await noted('in the end', () => expectFindings(store, ['unfinished']))
  await noted('serving in the end', () => servesPointer(serving, registry))
  what.push(...watch.end())
  return { what, isUnharmed: !error }
}

/** An error where the model that serves is not the one that is to. */
async function servesPointer(
  serving: Serving,
  registry: ReturnType<typeof createModelRegistry>,
): Promise<void> {
  await serving.refresh()
  const { model, refusal } = serving.status()
  const wanted = await registry.current()
  if (refusal) throw new Error(`${refusal.version} was refused: ${refusal.reason}`)
  if (model !== wanted) throw new Error(`${model} serves, expected ${wanted}`)
}

/** Asks who serves all the time; gives what was no answer. */
function watchAnswers(serving: Serving): { end(): string[] } {
  const bad = new Set<string>()
  const ask = () => {
    const { refusal } = serving.status()
    if (refusal) bad.add(`while it ran ${refusal.version} was refused: ${refusal.reason}`)
    try {
      serving.snapshot('u1')
    } catch (error) {
      bad.add(`while it ran nothing was answered: ${error}`)
    }
  }
  const asking = setInterval(ask, askedMs)
  return {
    end() {
      ask()
      clearInterval(asking)
      return [...bad]
    },
  }
}
