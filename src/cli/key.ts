import { createHash, randomBytes } from 'node:crypto'
import type { Role } from '../config.ts'

/** Prints a new API key, once, and the entry for MARQUEE_API_KEYS that lets it in. */
export function printKey(role: Role): void {
  const key = `mq_${randomBytes(24).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  process.stdout.write(`key (give it to the client; it is kept nowhere): ${key}\n`)
  process.stdout.write(`entry for MARQUEE_API_KEYS: ${role}:${sha256}\n`)
}
