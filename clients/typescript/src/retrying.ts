import { problemOf } from './problem.ts'

export type Fetch = (request: Request) => Promise<Response>

/** The longest that is waited for a service that asks for more. */
const mostSeconds = 30

/** Posts that change nothing, or that the service does once however often they are sent. */
const repeatablePost = /\/v1\/(predictions|recommendations(\/batch)?|ratings\/batch|training-jobs)$/
/** Codes of what the service refused before it began. */
const notBegun = ['overloaded', 'shutting-down', 'too-many-imports']

/**
 * Sends again what was refused with 503 and `Retry-After`, after so many seconds, but for a POST that may
 * have been done and would be done twice.
 */
export function retrying(fetch: Fetch, retries: number): Fetch {
  return async (request) => {
    for (let left = retries; ; left -= 1) {
      const response = await fetch(left > 0 ? request.clone() : request)
      const seconds = Number.parseFloat(response.headers.get('retry-after') ?? '')
      if (response.status !== 503 || left <= 0 || !(seconds <= mostSeconds)) return response
      if (!(await isSafeToRepeat(request, response))) return response
      await response.body?.cancel()
      await delay(1_000 * seconds, request.signal)
    }
  }
}

async function isSafeToRepeat({ method, url }: Request, response: Response): Promise<boolean> {
  if (method !== 'POST' || repeatablePost.test(new URL(url).pathname)) return true
  return notBegun.includes((await problemOf(response))?.code ?? '')
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
