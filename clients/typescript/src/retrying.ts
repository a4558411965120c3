export type Fetch = (request: Request) => Promise<Response>

/** The longest that is waited for a service that asks for more. */
const mostSeconds = 30

/** Sends again what was refused with 503 and `Retry-After`, after so many seconds. */
export function retrying(fetch: Fetch, retries: number): Fetch {
  return async (request) => {
    for (let left = retries; ; left -= 1) {
      const response = await fetch(left > 0 ? request.clone() : request)
      const seconds = Number.parseFloat(response.headers.get('retry-after') ?? '')
      if (response.status !== 503 || left <= 0 || !(seconds <= mostSeconds)) return response
      await response.body?.cancel()
      await delay(1_000 * seconds, request.signal)
    }
  }
}

/** Resolves after that time; rejects as soon as the signal aborts. */
export function delay(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort)
      resolve()
    }, ms)
    if (signal?.aborted) abort()
    else signal?.addEventListener('abort', abort, { once: true })
  })
}
