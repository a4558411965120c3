import { hash, randomBytes } from 'node:crypto'
import type { Config } from '../../config.ts'
import type { Role } from '../../config-fields.ts'
import type { TokenSecret } from './user-tokens.ts'

/** Who may ask, and for what. */
export type ApiKey = {
  /** What the log and records call whoever has it. */
  readonly name: string
  readonly role: Role
  /** Of the key itself, which is kept nowhere; in hexadecimal. */
  readonly sha256: string
  /** It is good until then, in milliseconds since 1970; null for ever. */
  readonly expires: number | null
  /** It may send so many requests a minute; null for the limit of its role. */
  readonly limit: number | null
}

/** The keys that are good now. */
export type ApiKeys = {
  /** Without any key or secret, everybody on this machine is an admin and nobody else is answered. */
  readonly areNeeded: boolean
  /** What is known of a key, expired or not; null where it is none. */
  find(key: string): ApiKey | null
  /** Those that sign user tokens, expired or not. */
  secrets(): readonly TokenSecret[]
  /** Why newer keys are not taken, in a sentence; null where they are. */
  fault(): string | null
}

/** Keys that stay what they are; none are needed where there are none. */
export function fixedKeys(keys: readonly ApiKey[], secrets: readonly TokenSecret[] = []): ApiKeys {
  const areNeeded = keys.length + secrets.length > 0
  return { areNeeded, find: finderOf(keys), secrets: () => secrets, fault: () => null }
}

/** The keys of `MARQUEE_API_KEYS`, each named by its role and the first digits of its SHA-256. */
export function keysOfEnvironment(entries: Config['MARQUEE_API_KEYS']): ApiKey[] {
  return entries.map(({ role, sha256 }) => {
    return { name: `${role}:${sha256.slice(0, 8)}`, role, sha256, expires: null, limit: null }
  })
}

/** The secrets of `MARQUEE_TOKEN_SECRETS`, each named by the first digits of its SHA-256. */
export function secretsOfEnvironment(secrets: Config['MARQUEE_TOKEN_SECRETS']): TokenSecret[] {
  return secrets.map((secret) => {
    const name = `token-secret:${hash('sha256', secret).slice(0, 8)}`
    return { name, secret, expires: null, limit: null }
  })
}

/**
 * Finds keys in constant time: by a hash that only this process can compute, so that the time tells
 * nothing of a near miss. Of two lines with one key the last counts.
 */
export function finderOf(keys: readonly ApiKey[]): (key: string) => ApiKey | null {
  const salt = randomBytes(32).toString('hex')
  const blind = (sha256: string) => hash('sha256', salt + sha256)
  const known = new Map(keys.map((key) => [blind(key.sha256), key]))
  return (key) => known.get(blind(hash('sha256', key))) ?? null
}
