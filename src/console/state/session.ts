import { computed, signal } from '@preact/signals'
import { createMarquee, dataOf, ProblemError } from '../../../clients/typescript/src/client.ts'

const name = 'marquee-key'

/** The API key: kept for as long as the tab is open, and sent nowhere but to the service itself. */
export const key = signal<string | null>(sessionStorage.getItem(name))

/** Whether the service asks for a key that it was not given, or not a good one. */
export const isKeyWanted = signal(false)

/** Why the last key was not taken, in the words of the service. */
export const refusal = signal<string | null>(null)

/** The API of the service that this page came from. */
export const api = createMarquee({
  baseUrl: location.origin,
  key: () => key.value,
  fetch: async (request) => {
    const response = await fetch(request)
    if (response.status === 401) isKeyWanted.value = true
    return response
  },
})

export const isLoggedIn = computed(() => key.value !== null)

/** Why the present key, or none, does not open the console; null where it does, or nobody can tell now. */
async function reasonAgainst(): Promise<string | null> {
  try {
    await dataOf(api.GET('/v1/models'))
    return null
  } catch (error) {
    if (!(error instanceof ProblemError)) return error instanceof Error ? error.message : `${error}`
    if (error.status >= 500) return null
    // A key for pages, or a user token.
    return error.status === 403 ? `${notForConsole} ${error.message}` : error.message
  }
}

const notForConsole = 'This key may not see the console, which needs the role read or a higher one.'

/** Asks whether there is a key that opens the console, before any page asks for its parts. */
export async function checkKey(): Promise<void> {
  const reason = await reasonAgainst()
  if (!reason?.startsWith(notForConsole)) return
  logOut()
  refusal.value = reason
}

/** Takes the key if it opens the console; the reason is in `refusal` where it does not. */
export async function logIn(given: string): Promise<boolean> {
  const before = key.value
  key.value = given
  refusal.value = await reasonAgainst()
  if (refusal.value !== null) {
    key.value = before
    return false
  }
  sessionStorage.setItem(name, given)
  isKeyWanted.value = false
  return true
}

/** Forgets the key. */
export function logOut(): void {
  sessionStorage.removeItem(name)
  key.value = null
  isKeyWanted.value = true
}
