import { z } from 'zod'
import { roles, tokenSecretPattern } from '../../config-fields.ts'
import { MarqueeError } from '../../errors.ts'
import type { ApiKey } from './api-keys.ts'
import type { TokenSecret } from './user-tokens.ts'

/** Its names cannot be taken for those of `MARQUEE_API_KEYS`, which have a colon. */
export const keyNameSchema = z
  .string()
  .regex(/^[\w.@-]{1,64}$/, 'expected a name of up to 64 letters, digits, _, ., @ and -')

/** What a line is for. */
export const purposes = [...roles, 'token-secret'] as const

const lineSchema = z
  .tuple(
    [
      keyNameSchema,
      z.enum(purposes, { error: `expected one of ${purposes.join(', ')} behind the name` }),
      z.string(),
    ],
    { error: 'expected a name, a role and the SHA-256 of a key' },
  )
  .refine(([, purpose, text]) => purpose === 'token-secret' || /^[0-9a-f]{64}$/.test(text), {
    error: 'expected the SHA-256 of the key in hexadecimal behind the role',
  })
  .refine(([, purpose, text]) => purpose !== 'token-secret' || tokenSecretPattern.test(text), {
    error: 'expected 32 to 256 letters, digits, _, ., ~, +, /, = and - behind "token-secret"',
  })
const wrongLimit = 'expected a whole number from 1, requests a minute, behind "limit="'
const wrongSetting = 'expected nothing but "expires=" and "limit=", each once, behind the SHA-256'
const settingsSchema = z
  .array(z.tuple([z.string(), z.string()], { error: wrongSetting }))
  .refine((pairs) => new Set(pairs.map(([name]) => name)).size === pairs.length, wrongSetting)
  .transform((pairs): unknown => Object.fromEntries(pairs))
  .pipe(
    z.strictObject(
      {
        expires: z
          .union([z.iso.date(), z.iso.datetime()], {
            error: 'expected a day or a time in UTC behind "expires="',
          })
          .transform((text) => Date.parse(text))
          .optional(),
        limit: z.coerce.number({ error: wrongLimit }).int(wrongLimit).min(1, wrongLimit).optional(),
      },
      { error: wrongSetting },
    ),
  )

export type KeysFile = { readonly keys: ApiKey[]; readonly secrets: TokenSecret[] }

/**
 * The keys of a keys file: a line for each, `name role sha256`, then `expires=2027-01-31` where it ends
 * so and `limit=600` where it may send so many requests a minute; and its secrets, `name token-secret
 * secret`, with the same settings, the limit being that of each user. What follows a "#" says nothing. An
 * `invalid-request` error names the first line that is no such; it shows nothing of the line, which may
 * hold a key.
 */
export function readKeys(text: string): KeysFile {
  const lines = text.split('\n').flatMap((line, i) => {
    const words = line.replace(/#.*/, '').split(/\s+/).filter(Boolean)
    return words.length === 0 ? [] : readLine(words, i + 1)
  })
  // Also what an editor leaves for a moment, while it writes.
  if (lines.length === 0) throw new MarqueeError('invalid-request', 'There is no key in it.')
  return {
    keys: lines.filter((line) => 'role' in line),
    secrets: lines.filter((line) => 'secret' in line),
  }
}

function readLine(words: string[], line: number): ApiKey | TokenSecret {
  const refused = ({ issues: [issue] }: z.ZodError) =>
    new MarqueeError('invalid-request', `Line ${line}: ${issue!.message}.`)
  const parts = lineSchema.safeParse(words.slice(0, 3))
  if (!parts.success) throw refused(parts.error)
  const settings = settingsSchema.safeParse(words.slice(3).map((word) => word.split(/=(.*)/, 2)))
  if (!settings.success) throw refused(settings.error)
  const [name, purpose, text] = parts.data
  const { expires = null, limit = null } = settings.data
  return purpose === 'token-secret'
    ? { name, secret: text, expires, limit }
    : { name, role: purpose, sha256: text, expires, limit }
}

/** The line of a keys file that lets the key in, or what the secret signs. */
export function keyLine(one: ApiKey | TokenSecret): string {
  const { name, expires, limit } = one
  const what = 'role' in one ? `${one.role} ${one.sha256}` : `token-secret ${one.secret}`
  const until = expires === null ? '' : ` expires=${new Date(expires).toISOString()}`
  return `${name} ${what}${until}${limit === null ? '' : ` limit=${limit}`}`
}
