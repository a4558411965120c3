import { z } from 'zod'
import { roles } from '../../config.ts'
import { MarqueeError } from '../../errors.ts'
import type { ApiKey } from './api-keys.ts'

/** Its names cannot be taken for those of `MARQUEE_API_KEYS`, which have a colon. */
export const keyNameSchema = z
  .string()
  .regex(/^[\w.@-]{1,64}$/, 'expected a name of up to 64 letters, digits, _, ., @ and -')

const lineSchema = z.tuple(
  [
    keyNameSchema,
    z.enum(roles, { error: `expected one of ${roles.join(', ')} behind the name` }),
    z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of the key in hexadecimal behind the role'),
  ],
  { error: 'expected a name, a role and the SHA-256 of a key' },
)
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

/**
 * The keys of a keys file: a line for each, `name role sha256`, then `expires=2027-01-31` where it ends
 * so and `limit=600` where it may send so many requests a minute; what follows a "#" says nothing. An
 * `invalid-request` error names the first line that is no such; it shows nothing of the line, which may
 * hold a key.
 */
export function readKeys(text: string): ApiKey[] {
  const keys = text.split('\n').flatMap((line, i) => {
    const words = line.replace(/#.*/, '').split(/\s+/).filter(Boolean)
    return words.length === 0 ? [] : keyOf(words, i + 1)
  })
  if (keys.length > 0) return keys
  // Also what an editor leaves for a moment, while it writes.
  throw new MarqueeError('invalid-request', 'There is no key in it.')
}

function keyOf(words: string[], line: number): ApiKey {
  const refused = ({ issues: [issue] }: z.ZodError) =>
    new MarqueeError('invalid-request', `Line ${line}: ${issue!.message}.`)
  const parts = lineSchema.safeParse(words.slice(0, 3))
  if (!parts.success) throw refused(parts.error)
  const settings = settingsSchema.safeParse(words.slice(3).map((word) => word.split(/=(.*)/, 2)))
  if (!settings.success) throw refused(settings.error)
  const [name, role, sha256] = parts.data
  const { expires = null, limit = null } = settings.data
  return { name, role, sha256, expires, limit }
}

/** The line of a keys file that lets the key in. */
export function keyLine({ name, role, sha256, expires, limit }: ApiKey): string {
  const until = expires === null ? '' : ` expires=${new Date(expires).toISOString()}`
  return `${name} ${role} ${sha256}${until}${limit === null ? '' : ` limit=${limit}`}`
}
