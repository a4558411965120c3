import { rm } from 'node:fs/promises'

/**
 * Removes a folder and all in it, again where somebody who is about to end has written to it
 * meanwhile: a hook that fails after a test keeps those that follow from ending its processes.
 */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 20 })
}
