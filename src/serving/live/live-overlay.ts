import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LiveEvent, LiveListener, LivePosition } from '../../live/live-event.ts'
import type { ServedModel } from '../load/served-model.ts'
import { importPosition } from './import-positions.ts'
import { LiveState, type MovieEdit } from './live-state.ts'
import { LiveView } from './live-view.ts'
import type { KnownEvents } from './positions.ts'

/** What a model's data has of the events. */
type Served = Pick<ServedModel, 'model' | 'statistics'> & {
  readonly card: {
    readonly data: {
      readonly version: string
      readonly live?: readonly LivePosition[] | undefined
      readonly newestImport?: string | undefined
    }
  }
}

/** Events beside a model, and what has been left out of them since that model's data has it. */
type Side = {
  readonly state: LiveState
  /** Is missed by a model whose data does not have it. */
  readonly leftOut: KnownEvents
  /** What is told while a copy is made. */
  meanwhile: LiveEvent[] | null
}

/**
 * What was told and imported and the data of the serving model does not have, in memory.
 * With each model it is copied without what both that model's data and that of the model before
 * have, so that a rollback finds all that it needs. Told anew from the first event, it fills another
 * state and answers from the old one until that has caught up.
 */
export class LiveOverlay implements LiveListener {
  #answering: Side = { state: new LiveState(), leftOut: new Map(), meanwhile: null }
  #filling: Side | null = null
  #served: Served | null = null
  /** Called when something that is needed was left out: resolves once all has been told again. */
  onMissing: () => Promise<void> = async () => {
    this.restart()
    await this.stored()
    this.caughtUp()
  }
  /** Called to be given the imports again. */
  onStored: () => Promise<void> = async () => {}
  /** Called when users were erased: no answer about them may be remembered any longer. */
  onErased: () => void = () => {}

  restart(): void {
    const state = new LiveState()
    if (this.#served) state.view = viewOf(state, this.#served)
    const leftOut = this.#served ? knownTo(this.#served) : new Map()
    this.#filling = { state, leftOut, meanwhile: null }
  }

  stored(): Promise<void> {
    return this.onStored()
  }

  take(events: readonly LiveEvent[]): void {
    const { state, meanwhile } = this.#filling ?? this.#answering
    state.take(events)
    if (meanwhile) for (const event of events) meanwhile.push(event)
    if (events.some(({ type }) => type === 'user-erased')) this.onErased()
  }

  caughtUp(): void {
    if (!this.#filling) return
    this.#answering = this.#filling
    this.#filling = null
    if (this.#answering.state.erased.size > 0) this.onErased()
  }

  /**
   * The states that are to be given an import; all that are given again only the one that is filled.
   * None of it while `serve` is under way, whose copies would lack it.
   */
  takersOfImports(isAgain: boolean): LiveState[] {
    const sides = isAgain ? [this.#filling] : [this.#answering, this.#filling]
    return sides.flatMap((side) => side?.state ?? [])
  }

  /** Stands for the imports of which ratings are here; empty for none. */
  get imports(): string {
    return this.#answering.state.imports
  }

  /** What was told, as it stands to the model that serves; null before the first. */
  get view(): LiveView | null {
    return this.#answering.state.view
  }

  /** Ratings, told or imported, that are kept here. */
  get size(): number {
    return this.#answering.state.table.size
  }

  /** What was told of movies, by id, and where the newest of it stands. */
  get edits(): ReadonlyMap<string, MovieEdit> {
    return this.#answering.state.edits
  }

  get newestEdit(): LivePosition | null {
    return this.#answering.state.newestEdit
  }

  /**
   * Takes another model for the one that serves; the view is of it from the call of `swap` on. One
   * call at a time.
   */
  async serve(served: Served, swap: () => void): Promise<void> {
    const known = knownTo(served)
    const leftOut = this.#served ? smaller(known, knownTo(this.#served)) : known
    const copies = new Map<Side, Side>()
    // While one is copied, another may be begun, or take the place of the first.
    for (let side = this.#notIn(copies); side; side = this.#notIn(copies))
      copies.set(side, await copied(side, leftOut, served))
    this.#served = served
    this.#answering = continued(copies, this.#answering)
    this.#filling &&= continued(copies, this.#filling)
    swap()
    const newest = this.#filling ?? this.#answering
    if ([...newest.leftOut].some(([epoch, seq]) => seq > (known.get(epoch) ?? 0)))
      void this.onMissing()
  }

  #notIn(copies: ReadonlyMap<Side, Side>): Side | null {
    return [this.#answering, this.#filling].find((side) => side && !copies.has(side)) ?? null
  }
}

/** A copy for another model; what is told until it is continued is kept aside. */
async function copied(side: Side, leftOut: KnownEvents, served: Served): Promise<Side> {
  side.meanwhile = []
  const state = new LiveState()
  await side.state.copyNewer(leftOut, state, nextTurn)
  state.view = viewOf(state, served)
  await state.view.countAll(nextTurn)
  return { state, leftOut: larger(side.leftOut, leftOut), meanwhile: null }
}

function continued(copies: ReadonlyMap<Side, Side>, side: Side): Side {
  const copy = copies.get(side)!
  copy.state.take(side.meanwhile!)
  return copy
}

function viewOf(state: LiveState, served: Served): LiveView {
  return new LiveView(state, served.model, served.statistics, knownTo(served))
}

function knownTo({ card }: Served): KnownEvents {
  const { live = [], newestImport } = card.data
  const imports = newestImport === undefined ? [] : [importPosition(newestImport)]
  return new Map([...live, ...imports].map(({ epoch, seq }) => [epoch, seq]))
}

/** What both have. */
function smaller(a: KnownEvents, b: KnownEvents): KnownEvents {
  return new Map(
    [...a]
      .filter(([epoch]) => b.has(epoch))
      .map(([epoch, seq]) => [epoch, Math.min(seq, b.get(epoch)!)]),
  )
}

/** What either has. */
function larger(a: KnownEvents, b: KnownEvents): KnownEvents {
  const most = new Map(a)
  for (const [epoch, seq] of b) most.set(epoch, Math.max(seq, a.get(epoch) ?? 0))
  return most
}
