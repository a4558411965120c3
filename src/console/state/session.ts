import { computed, signal } from '@preact/signals'
import { createMarquee, dataOf } from '../../../clients/typescript/src/client.ts'

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

/** Takes the key if the service does; the reason is in `refusal` where it does not. */
export async function logIn(given: string): Promise<boolean> {
  const before = key.value
  key.value = given
  try {
    await dataOf(api.GET('/v1/genres'))
  } catch (error) {
    key.value = before
    refusal.value = error instanceof Error ? error.message : String(error)
    return false
  }
  sessionStorage.setItem(name, given)
  refusal.value = null
  isKeyWanted.value = false
  return true
}

/** Forgets the key. */
export function logOut(): void {
  sessionStorage.removeItem(name)
  key.value = null
  isKeyWanted.value = true
}
