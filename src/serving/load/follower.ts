import type { Logger } from 'pino'
import { publicReason } from '../../errors.ts'

/** A source of versions: a name in the store says which one is wanted. */
export type Source<Value> = {
  /** The kind of value, in one word, for the log. */
  readonly what: string
  /** The version that is to serve, or null when there is none yet. */
  wanted(): Promise<string | null>
  /** The version, loaded and checked whole; throws when it is not fit to serve. */
  load(version: string): Promise<Value>
  /** Versions to start with, best first, when the wanted one is not fit and nothing serves yet. */
  others(): Promise<string[]>
}

/** Why the wanted version does not serve; the version is null when even its name cannot be read. */
export type Refusal = { version: string | null; reason: string }

const maxRetryMs = 60_000

/**
 * Keeps one checked value in memory and follows the wanted version: first loads, then swaps one
 * reference, and keeps the old value on any failure. `onSwap` makes the value serve before it
 * resolves.
 */
export class Follower<Value> {
  readonly #source: Source<Value>
  readonly #logger: Logger
  readonly #onSwap: (value: Value) => Promise<void>
  #served: { version: string; value: Value } | null = null
  #prepared: { version: string; value: Value } | null = null
  #refusal: Refusal | null = null
  /** A refused version may be repaired in place, so it is tried again, but ever more rarely. */
  #retry = { delayMs: 0, at: 0 }
  #pending: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(source: Source<Value>, logger: Logger, onSwap: (value: Value) => Promise<void>) {
    this.#source = source
    this.#logger = logger
    this.#onSwap = onSwap
  }

  /** The version that serves, or null before the first. */
  get version(): string | null {
    return this.#served?.version ?? null
  }

  /** Why something else than the wanted version serves, or null when the wanted one does. */
  get refusal(): Refusal | null {
    return this.#refusal
  }

  /**
   * Looks now; resolves once this process serves what was wanted at the call, or has refused it.
   */
  refresh(): Promise<void> {
    return this.#enqueue(true)
  }

  /** Looks every `pollMs` until `close`. */
  poll(pollMs: number): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      void this.#enqueue(false, pollMs).then(() => this.poll(pollMs))
    }, pollMs).unref()
  }

  /** Loads a version ahead of its being wanted; throws, and changes nothing, when it is not fit. */
  async prepare(version: string): Promise<void> {
    this.#prepared = { version, value: await this.#source.load(version) }
  }

  /** Stops looking; a load under way is waited for. */
  async close(): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#pending
  }

  /** One look at a time, so that a slow load is never overtaken by an older answer. */
  #enqueue(isForced: boolean, pollMs = 1_000): Promise<void> {
    this.#pending = this.#pending.then(() => this.#look(isForced, pollMs))
    return this.#pending
  }

  async #look(isForced: boolean, pollMs: number): Promise<void> {
    let wanted: string | null = null
    try {
      wanted = await this.#source.wanted()
      if (wanted === null || wanted === this.version) return this.#settle()
      const isKnownBad = wanted === this.#refusal?.version
      if (isKnownBad && !isForced && Date.now() < this.#retry.at) return
      await this.#serve(wanted)
      this.#settle()
    } catch (error) {
      const isNew = this.#refuse({ version: wanted, reason: publicReason(error) }, pollMs)
      if (isNew && !this.#served) await this.#fallBack(wanted)
    }
  }

  async #serve(version: string): Promise<void> {
    const isPrepared = this.#prepared?.version === version
    const value = isPrepared ? this.#prepared!.value : await this.#source.load(version)
    await this.#onSwap(value)
    this.#served = { version, value }
    this.#logger.info({ what: this.#source.what, version }, 'A new version serves.')
  }

  #settle(): void {
    this.#refusal = null
    this.#prepared = null
    this.#retry = { delayMs: 0, at: 0 }
  }

  /** Says so once for each version and reason; false when it had been said. */
  #refuse(refusal: Refusal, pollMs: number): boolean {
    const { version, reason } = refusal
    const isNew = version !== this.#refusal?.version || reason !== this.#refusal.reason
    const delayMs = isNew ? pollMs : Math.min(maxRetryMs, this.#retry.delayMs * 2)
    this.#refusal = refusal
    this.#retry = { delayMs, at: Date.now() + delayMs }
    if (isNew)
      this.#logger.error(
        { what: this.#source.what, version, reason, serving: this.version },
        'A version was refused; what served before goes on.',
      )
    return isNew
  }

  async #fallBack(refused: string | null): Promise<void> {
    const others = await this.#source.others().catch(() => [])
    for (const version of others) {
      if (version === refused) continue
      try {
        await this.#serve(version)
        return
      } catch {
        // Not fit either: the next older one.
      }
    }
  }
}
