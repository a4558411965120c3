import { setTimeout as delay } from 'node:timers/promises'

/** An event of a server-sent stream; one without an id is not to be gone on from. */
export type StreamEvent = { id: string | null; type: string; data: unknown }

/** No proxy may hold events back, change them or keep them. */
export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'private, no-store, no-transform',
  'x-accel-buffering': 'no',
}

/**
 * Events as text, one frame each: a comment at once, so that the client knows that it is connected,
 * and one whenever `keepAliveMs` pass in silence, so that no proxy takes the connection for dead.
 * Asks for the next event only when the frame before was taken. Ends with the events, also where they
 * cannot go on (the client asks again, and is told), or the signal.
 */
export async function* frames(
  events: AsyncIterable<StreamEvent>,
  keepAliveMs: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  yield 'retry: 2000\n: connected\n\n'
  const iterator = events[Symbol.asyncIterator]()
  let next = iterator.next()
  try {
    for (;;) {
      const result = await within(next, keepAliveMs, signal).catch(() => null)
      if (signal.aborted || result === null) return
      if (result === 'silence') {
        yield ': keep-alive\n\n'
        continue
      }
      if (result.done) return
      const { id, type, data } = result.value
      const first = id === null ? '' : `id: ${id}\n`
      yield `${first}event: ${type}\ndata: ${JSON.stringify(data)}\n\n`
      next = iterator.next()
    }
  } finally {
    // Nobody will look at what is still on its way.
    next.catch(() => {})
    void iterator.return?.().catch(() => {})
  }
}

async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal) {
  const timer = new AbortController()
  const stop = () => timer.abort()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const silence = delay(ms, 'silence' as const, { signal: timer.signal }).catch(
      () => 'silence' as const,
    )
    return await Promise.race([promise, silence])
  } finally {
    signal.removeEventListener('abort', stop)
    timer.abort()
  }
}
