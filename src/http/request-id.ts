import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

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

/** What may come back in a header and stand in a log: also UUIDs and ids of traces. */
const saneId = /^[\w.:-]{1,128}$/

/** The id that the client, or a proxy before us, gave the request, where it is sane; or a new one. */
export function requestIdOf({ headers }: Pick<IncomingMessage, 'headers'>): string {
  const given = headers['x-request-id']
  return typeof given === 'string' && saneId.test(given) ? given : nextRequestId()
}
