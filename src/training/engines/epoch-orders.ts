import { ownThreads } from '../../numeric/parallel/own-threads.ts'
import { programBeside, runSpans } from '../../numeric/parallel/spans.ts'
import { createRandom, permutation } from '../../numeric/random/random.ts'
import type { Pulse } from '../pulse.ts'

/** From so many rows on, a thread draws the next epoch's order while this one trains. */
const rowsForThread = 1 << 20

/** The random orders in which epochs visit the rows. */
export type EpochOrders = {
  /** The order of an epoch, drawn from the seed and the epoch's number. */
  of(epoch: number, pulse: Pulse): Promise<Uint32Array<ArrayBuffer>>
  dispose(): void
}

export type OrderTask = {
  readonly order: Uint32Array
  readonly seed: number
  readonly epoch: number
}

/** Draws the order of an epoch into `order`. */
export function drawOrder({ order, seed, epoch }: OrderTask): void {
  permutation(order.length, createRandom(seed, `order-${epoch}`), order)
}

/**
 * Orders of epochs for a trainer whose steps keep another device busy: of many rows, the next one is
 * drawn by a thread meanwhile, where there is a core for it.
 */
export function createEpochOrders(
  { seed, epochs }: { readonly seed: number; readonly epochs: number },
  rows: number,
): EpochOrders {
  let isDisposed = false
  let next: { epoch: number; order: Promise<Uint32Array<ArrayBuffer>> } | null = null
  const draw = (epoch: number) => {
    const order = new Uint32Array(rows)
    drawOrder({ order, seed, epoch })
    return order
  }
  const ahead = async (epoch: number) => {
    const order = new Uint32Array(new SharedArrayBuffer(4 * rows))
    const program = programBeside(import.meta.url, 'order-thread')
    const data: OrderTask = { order, seed, epoch }
    await runSpans({ program, data, size: 1, span: 1 }, 1, async () => {
      if (isDisposed) throw new Error('Nobody waits for it any more.')
    })
    // What is uploaded may not lie in shared memory.
    return new Uint32Array(order)
  }
  return {
    async of(epoch, pulse) {
      const drawn = next?.epoch === epoch ? next.order.catch(() => null) : null
      const order = (await drawn) ?? draw(epoch)
      if (pulse.isDue()) await pulse.beat(0)
      next = null
      if (epoch + 1 < epochs && rows >= rowsForThread && ownThreads() > 1) {
        next = { epoch: epoch + 1, order: ahead(epoch + 1) }
        next.order.catch(() => {})
      }
      return order
    },
    dispose() {
      isDisposed = true
    },
  }
}
