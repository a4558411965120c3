import type { Serving } from '../../../src/serving/serving.ts'
import { createModelRegistry } from '../../../src/storage/model-registry.ts'
import type { Fault, Place } from './faults.ts'
import type { Flow } from './flows.ts'
import { differenceOf, expectFindings, fingerprintOf, type Visible, visibleIn } from './visible.ts'

/** So often whoever serves is asked; it looks for what is new when it is told to. */
const askedMs = 10

export type Case = {
  readonly place: Place
  readonly flow: Flow
  readonly fault: Fault
  readonly call: string
  /** See `statesBetween`. */
  readonly states: readonly Visible[]
  readonly serving: Serving
}

/** What is not as it should be in one case, in sentences. */
export async function tryOut({
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
  // What could not be removed is swept later, as is a claim: unheard of, it may be another's.
  const isSwept = call.startsWith('rm ') || /^open .*\.claim-/.test(call)
  if (left.length > 0 && !isKilled && !isSwept) what.push(`after the fault: unfinished ${left}`)
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
