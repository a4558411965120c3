import type { Role } from '../../config-fields.ts'

/** Whoever asks, by a key or as the user of a token. */
export type Caller = {
  /** What the log and records call the key, or the secret that signed the token. */
  readonly name: string
  readonly role: Role | 'user'
  /** It may send so many requests a minute; null for the limit of its role. */
  readonly limit: number | null
  /** The one user that a token is for. */
  readonly user?: string
  /** What a token lets its user do beyond reading. */
  readonly scopes?: ReadonlySet<string>
}
