import { problemOf } from './problem.ts'
import type { Fetch } from './retrying.ts'

/**
 * Sends requests with a token, which `fresh` gives: once for all of them, and anew when the service takes
 * it no longer; what was refused for that is sent once more. So is what was refused for many wrong ones from
 * this address, as of others behind the same proxy: a good one is always let in.
 */
export function withToken(fetch: Fetch, fresh: () => Promise<string>): Fetch {
  let current: Promise<string> | null = null
  const take = () => {
    const asked = fresh()
    current = asked
    // Where none is to be had, the next request asks again.
    asked.catch(() => forget(asked))
    return asked
  }
  const forget = (old: Promise<string>) => {
    if (current === old) current = null
  }
  const send = async (request: Request, token: Promise<string>) => {
    request.headers.set('authorization', `Bearer ${await token}`)
    return fetch(request)
  }
  return async (request) => {
    const token = current ?? take()
    const response = await send(request.clone(), token)
    if (!(await isOfToken(response))) return response
    await response.body?.cancel()
    forget(token)
    return send(request, current ?? take())
  }
}

async function isOfToken(response: Response): Promise<boolean> {
  if (response.status === 401) return true
  return response.status === 429 && (await problemOf(response))?.code === 'too-many-wrong-keys'
}
