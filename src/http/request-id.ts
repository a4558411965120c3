import { randomBytes } from 'node:crypto'

const processPart = randomBytes(4).toString('hex').slice(0, 7)
let count = 0

/**
 * An id that no other request has, here or in another process: seven random digits and a count,
 * since a UUID for each request costs more than a prediction.
 */
export function nextRequestId(): string {
  count += 1
  return `${processPart}-${count.toString(36)}`
}
