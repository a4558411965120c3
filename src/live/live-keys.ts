/** Names of what the log of live events keeps in Redis. */
export type LiveKeys = {
  /** Hash: `epoch`, `seq` of the newest event, `time` of it in milliseconds since 1970. */
  readonly state: string
  /** Stream of the events that no segment has yet; the ids are `<seq>-0`. */
  readonly events: string
  /** Who rewrites stored segments just now; expires. */
  readonly rewriting: string
  /** Up to which `<epoch> <seq>` somebody wants events folded. */
  readonly wanted: string
  /** The answer that was given for an idempotency key. */
  answer(hash: string): string
}

/** The keys of one log. */
export function liveKeys(prefix: string): LiveKeys {
  const key = (part: string) => `${prefix}:live:${part}`
  return {
    state: key('state'),
    events: key('events'),
    rewriting: key('rewriting'),
    wanted: key('wanted'),
    answer: (hash) => key(`answer:${hash}`),
  }
}
