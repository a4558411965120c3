import { z } from 'zod'
import { workKinds } from './queue/work-kinds.ts'

/** One of the four roles; each may do what the one before it may. */
export const roles = ['public', 'read', 'write', 'admin'] as const
export type Role = (typeof roles)[number]

/** The secret as it stands is the key of the signature, which is to be as long as its hash at least. */
export const tokenSecretPattern = /^[\w.~+/=-]{32,256}$/

/** Texts with a comma between two. */
function several<Item extends z.ZodType<unknown, string>>(item: Item) {
  const split = (text: string) => text.split(',').map((part) => part.trim())
  return z
    .string()
    .default('')
    .transform((text) => split(text).filter((part) => part !== ''))
    .pipe(z.array(item))
}

export const kindsOfWork = several(
  z.enum(workKinds, { error: `expected ${workKinds.join(', ')}, comma between two` }),
).transform((kinds) => (kinds.length === 0 ? [...workKinds] : kinds))

const keyPattern = new RegExp(`^(${roles.join('|')}):[0-9a-f]{64}$`)

export const apiKeys = several(
  z
    .string()
    .regex(keyPattern, 'expected role:sha256, comma between two')
    .transform((text) => {
      const [role, sha256] = text.split(':') as [Role, string]
      return { role, sha256 }
    }),
)

const wrongSecret = 'expected 32 to 256 letters, digits, _, ., ~, +, /, = and -, comma between two'
export const tokenSecrets = several(z.string().regex(tokenSecretPattern, wrongSecret))

export const origins = several(
  z.string().refine(isOrigin, 'expected https://host, comma between two'),
)

function isOrigin(text: string): boolean {
  return /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text
}

/** A whole number within bounds. */
export function whole(least: number, most = Number.MAX_SAFE_INTEGER) {
  const bounds = most === Number.MAX_SAFE_INTEGER ? `${least}` : `${least} to ${most}`
  const error = `expected a whole number from ${bounds}`
  return z.coerce.number({ error }).int({ error }).min(least, { error }).max(most, { error })
}
