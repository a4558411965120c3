import { createHash, randomBytes } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { readConfig } from '../config.ts'
import type { Role } from '../config-fields.ts'
import { MarqueeError } from '../errors.ts'
import { keyLine, keyNameSchema, readKeys } from '../http/keys/keys-file.ts'

type Wanted = { name?: string; days?: number; limit?: number | null }

const dayMs = 86_400_000

/**
 * Prints a new API key, once. With a name, what lets it in is added to the keys file, or printed where
 * there is none; without, it is an entry for MARQUEE_API_KEYS, which knows no names.
 */
export async function makeKey(role: Role, wanted: Wanted): Promise<void> {
  const key = `mq_${randomBytes(24).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  const named = namedOf(wanted)
  const kept =
    named === null
      ? `entry for MARQUEE_API_KEYS: ${role}:${sha256}`
      : await keep(keyLine({ ...named, role, sha256 }))
  process.stdout.write(`key (give it to the client; it is kept nowhere): ${key}\n${kept}\n`)
}

/** Prints a new secret for user tokens; with a name, its line is added to the keys file, too. */
export async function makeSecret(wanted: Wanted): Promise<void> {
  const secret = randomBytes(32).toString('base64url')
  const named = namedOf(wanted)
  const kept =
    named === null
      ? 'one of those of MARQUEE_TOKEN_SECRETS, comma between two'
      : await keep(keyLine({ ...named, secret }))
  process.stdout.write(`secret (your backend signs user tokens with it): ${secret}\n${kept}\n`)
}

/** What a line of the keys file says besides; null without a name. */
function namedOf({ name, days, limit = null }: Wanted) {
  if (name === undefined) {
    if (days === undefined && limit === null) return null
    throw new MarqueeError('invalid-request', 'Only a key with a --name has --days or --limit.')
  }
  const parsed = keyNameSchema.safeParse(name)
  if (!parsed.success)
    throw new MarqueeError('invalid-request', `--name: ${parsed.error.issues[0]!.message}.`)
  return { name, expires: days === undefined ? null : Date.now() + days * dayMs, limit }
}

/** Adds the line to the keys file; says where it is, or is to go. */
async function keep(line: string): Promise<string> {
  const { MARQUEE_KEYS_FILE: file } = readConfig()
  if (file === '') return `line for the file MARQUEE_KEYS_FILE: ${line}`
  await add(file, line)
  return `added to ${file}: ${line}`
}

/** Adds a line to a keys file, which is made where it is not there, for its owner alone. */
async function add(file: string, line: string): Promise<void> {
  const refused = (error: unknown) =>
    new MarqueeError('invalid-request', `${file}: ${(error as Error).message}`, { cause: error })
  try {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    const added = `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`
    readKeys(text + added)
    await appendFile(file, added, { mode: 0o600 })
  } catch (error) {
    throw refused(error)
  }
}
