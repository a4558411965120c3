import type { Worker } from 'node:worker_threads'
import { MarqueeError } from '../../errors.ts'
import { type PartAnswer, type PartWanted, receivedError } from './import-messages.ts'

type Waiting = { resolve(part: Uint8Array | null): void; reject(error: unknown): void }

/** Parts that a thread has, asked for one by one, so that they are never all on their way. */
export function askedParts(thread: Worker) {
  const waiting = new Map<number, Waiting>()
  let hasEnded = false
  const ask = (wanted: PartWanted) =>
    new Promise<Uint8Array | null>((resolve, reject) => {
      if (hasEnded) return reject(endedEarly())
      waiting.set(wanted.partOf, { resolve, reject })
      thread.postMessage(wanted)
    })
  return {
    /** The parts of what a question puts; errors of the thread come out of them. */
    partsOf(question: number): AsyncIterable<Uint8Array> {
      return {
        async *[Symbol.asyncIterator]() {
          for (let isFirst = true; ; isFirst = false) {
            const part = await ask({ partOf: question, isFirst })
            if (part === null) return
            yield part
          }
        },
      }
    },
    settle(answer: PartAnswer): void {
      const asker = waiting.get(answer.partOf)
      waiting.delete(answer.partOf)
      if ('part' in answer) asker?.resolve(answer.part)
      else asker?.reject(receivedError(answer.noPart, new Map()))
    },
    /** The thread has ended: nobody waits for its parts any more. */
    end(): void {
      hasEnded = true
      for (const { reject } of waiting.values()) reject(endedEarly())
      waiting.clear()
    },
  }
}

function endedEarly(): MarqueeError {
  return new MarqueeError('internal', 'The thread of an import has ended before its bytes.')
}
