import { setImmediate as nextTurn } from 'node:timers/promises'
import type { LiveEvent, LiveListener, LivePosition } from '../../live/live-event.ts'
import type { ServedModel } from '../load/served-model.ts'
import { LiveState, type MovieEdit } from './live-state.ts'
import { LiveView } from './live-view.ts'
import type { KnownEvents } from './positions.ts'

/** What a model's data has of the events. */
type Served = Pick<ServedModel, 'model' | 'statistics'> & {
  readonly card: {
    readonly data: { readonly version: string; readonly live?: readonly LivePosition[] | undefined }
  }
}

/**
 * What was told while the service ran and the data of the serving model does not have, in memory.
 * With each model it is copied without what both that model's data and that of the model before
 * have, so that a rollback finds all that it needs.
 */
export class LiveOverlay implements LiveListener {
  #state = new LiveState()
  #served: Served | null = null
  /** What has been left out, and is missed by a model whose data does not have it. */
  #leftOut: KnownEvents = new Map()
  /** What is told while a copy is made. */
  #meanwhile: LiveEvent[] | null = null
  #isRestarted = false
  /** Called when a model serves that misses what was left out: all must be told again. */
  onMissing: () => void = () => {}
  /** Called when users were erased: no answer about them may be remembered any longer. */
  onErased: () => void = () => {}

  restart(): void {
    this.#state = this.#emptyState()
    this.#leftOut = this.#served ? knownTo(this.#served) : new Map()
    this.#isRestarted = true
    if (this.#meanwhile) this.#meanwhile = []
  }

  take(events: readonly LiveEvent[]): void {
    this.#state.take(events)
    if (events.some(({ type }) => type === 'user-erased')) this.onErased()
    if (this.#meanwhile) for (const event of events) this.#meanwhile.push(event)
  }

  /** What was told, as it stands to the model that serves; null before the first. */
  get view(): LiveView | null {
    return this.#state.view
  }

  /** What was told of movies, by id, and where the newest of it stands. */
  get edits(): ReadonlyMap<string, MovieEdit> {
    return this.#state.edits
  }

  get newestEdit(): LivePosition | null {
    return this.#state.newestEdit
  }

  /**
   * Takes another model for the one that serves; the view is of it from the call of `swap` on. One
   * call at a time.
   */
  async serve(served: Served, swap: () => void): Promise<void> {
    const known = knownTo(served)
    const leftOut = this.#served ? smaller(known, knownTo(this.#served)) : known
    const isMissed = [...this.#leftOut].some(([epoch, seq]) => seq > (known.get(epoch) ?? 0))
    this.#meanwhile = []
    this.#isRestarted = false
    let next = new LiveState()
    await this.#state.copyNewer(leftOut, next, nextTurn)
    next.view = viewOf(next, served)
    await next.view.countAll(nextTurn)
    this.#served = served
    if (this.#isRestarted) next = this.#emptyState()
    else this.#leftOut = larger(this.#leftOut, leftOut)
    next.take(this.#meanwhile)
    this.#meanwhile = null
    this.#state = next
    swap()
    if (isMissed && !this.#isRestarted) this.onMissing()
  }

  #emptyState(): LiveState {
    const state = new LiveState()
    if (this.#served) state.view = viewOf(state, this.#served)
    return state
  }
}

function viewOf(state: LiveState, served: Served): LiveView {
  return new LiveView(state, served.model, served.statistics, knownTo(served))
}

function knownTo({ card }: Served): KnownEvents {
  return new Map(Array.from(card.data.live ?? [], ({ epoch, seq }) => [epoch, seq]))
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
