import type { ObjectStore } from '../../../src/storage/object-store.ts'

/**
 * What goes wrong at one of the calls of a file system, or of the requests to a server, that a store
 * is made of:
 *
 *   fail      it is refused, and nothing is done
 *   unheard   it is done, and said to have failed; a request is then sent again
 *   twice     it is done twice, and the second answer is heard
 *   slow      it is done after all that others do meanwhile
 *   late      no answer comes; what was asked is done some time later, after it was asked again
 *   cut       half of it is done; who asked was killed: nothing further is asked
 *   gone      from then on everything is refused
 */
export type FaultKind = 'fail' | 'unheard' | 'twice' | 'slow' | 'late' | 'cut' | 'gone'

/** A fault at the call of this number, counted from 0. */
export type Fault = { readonly kind: FaultKind; readonly at: number }

/** What a run under a fault came to. */
export type FaultedRun = {
  /** Null where it ended well. */
  readonly error: unknown
  /** The calls that it made, in words. */
  readonly calls: readonly string[]
}

/** A store of one case, that nobody else uses. */
export type Place = {
  /** For all who are not to meet the fault. */
  readonly store: ObjectStore
  /** Runs with a store on which the fault happens once, which is told, or none. */
  run(
    fault: Fault | null,
    flow: (store: ObjectStore) => Promise<unknown>,
    onFault?: () => void,
  ): Promise<FaultedRun>
  /** What was begun and is nobody's. */
  unfinished(): Promise<string[]>
  /** Makes what a killed process has left so old that others see that it is. */
  age(): Promise<void>
  /** Another place with the same in it. */
  copy(): Promise<Place>
  remove(): Promise<void>
}

/** A kind of store, all of whose calls can be made to fail. */
export type StoreKind = {
  readonly name: string
  readonly faults: readonly FaultKind[]
  place(): Promise<Place>
}

/** Counts the calls of a run and says what happens to each. */
export class Calls {
  readonly made: string[] = []
  isDead = false
  readonly #fault: Fault | null
  readonly #onFault: () => void

  constructor(fault: Fault | null, onFault = () => {}) {
    this.#fault = fault
    this.#onFault = onFault
  }

  /** What happens to the next call; null where nothing does. */
  next(what: string): FaultKind | null {
    if (this.isDead) return 'gone'
    const number = this.made.push(what) - 1
    if (number !== this.#fault?.at) return null
    const { kind } = this.#fault
    this.#onFault()
    if (kind === 'gone' || kind === 'cut') this.isDead = true
    return kind
  }
}
