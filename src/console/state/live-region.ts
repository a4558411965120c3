import { signal } from '@preact/signals'

/** What screen readers are told next: the end of an epoch, not each of its events. */
export const announcement = signal('')

/** Tells who cannot see it that something has happened. */
export function announce(text: string): void {
  announcement.value = text
}
