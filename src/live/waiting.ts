import type { LivePosition } from './live-event.ts'

/** Callers that wait until a position is reached. */
export class Waiting {
  readonly #waiters = new Set<{ readonly position: LivePosition; end(): void }>()

  /** Resolves when the position is reached or belongs to another epoch, or after so long. */
  for(position: LivePosition, mostMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer)
        this.#waiters.delete(waiter)
        resolve()
      }
      const timer = setTimeout(end, mostMs)
      const waiter = { position, end }
      this.#waiters.add(waiter)
    })
  }

  /** Ends the waiting for all up to a position, and of other epochs. */
  reached({ epoch, seq }: LivePosition): void {
    for (const { position, end } of this.#waiters)
      if (position.epoch !== epoch || position.seq <= seq) end()
  }

  end(): void {
    for (const { end } of this.#waiters) end()
  }
}

/** A sleep that can be cut short. */
export class Sleeping {
  wake: () => void = () => {}

  /** Resolves after so long, or when it is woken. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
