import type { Redis } from 'ioredis'
import { answered } from './redis-away.ts'
import { type StreamEntry, seqOf } from './stream-entry.ts'

const entriesAtOnce = 1_000

type Answer = Promise<readonly (readonly [key: string, entries: readonly StreamEntry[]])[] | null>

/**
 * Reads the stream of events, over a connection that waits for events; where many follow, the next are
 * on their way while the last are taken.
 */
export class StreamReader {
  readonly #redis: Redis
  readonly #key: string
  readonly #blockMs: number
  #ahead: { readonly from: number; readonly answer: Answer } | null = null

  constructor(redis: Redis, key: string, blockMs: number) {
    this.#redis = redis
    this.#key = key
    this.#blockMs = blockMs
  }

  /**
   * Some entries after a number, perhaps with some before them; none after a while without any. A
   * `RedisAway` error where Redis does not answer.
   */
  async after(seq: number): Promise<readonly StreamEntry[]> {
    const ahead = this.#ahead
    this.#ahead = null
    const asked = ahead && ahead.from <= seq ? ahead.answer : this.#ask(seq)
    const [stream] = (await answered(asked)) ?? []
    const entries = stream?.[1] ?? []
    if (entries.length === entriesAtOnce) this.#askAhead(seqOf(entries.at(-1)!))
    return entries
  }

  #ask(seq: number): Answer {
    const wait = ['COUNT', entriesAtOnce, 'BLOCK', this.#blockMs] as const
    return this.#redis.xread(...wait, 'STREAMS', this.#key, `${seq}-0`)
  }

  #askAhead(from: number): void {
    const answer = this.#ask(from)
    // Seen by whoever asks for it.
    answer.catch(() => {})
    this.#ahead = { from, answer }
  }
}
