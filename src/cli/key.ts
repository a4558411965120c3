import { createHash, randomBytes } from 'node:crypto'
import { appendFile, readFile } from 'node:fs/promises'
import { type Role, readConfig } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import { keyLine, keyNameSchema, readKeys } from '../http/keys/keys-file.ts'

const dayMs = 86_400_000

/**
 * Prints a new API key, once. With a name, what lets it in is added to the keys file, or printed where
 * there is none; without, it is an entry for MARQUEE_API_KEYS, which knows no names.
 */
export async function makeKey(
  role: Role,
  { name, days, limit = null }: { name?: string; days?: number; limit?: number | null },
): Promise<void> {
  const key = `mq_${randomBytes(24).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  if (name === undefined) {
    if (days !== undefined || limit !== null)
      throw new MarqueeError('invalid-request', 'Only a key with a --name has --days or --limit.')
    print(key, `entry for MARQUEE_API_KEYS: ${role}:${sha256}`)
    return
  }
  const parsed = keyNameSchema.safeParse(name)
  if (!parsed.success)
    throw new MarqueeError('invalid-request', `--name: ${parsed.error.issues[0]!.message}.`)
  const expires = days === undefined ? null : Date.now() + days * dayMs
  const line = keyLine({ name, role, sha256, expires, limit })
  const { MARQUEE_KEYS_FILE: file } = readConfig()
  if (file !== '') await add(file, line)
  print(
    key,
    file === '' ? `line for the file MARQUEE_KEYS_FILE: ${line}` : `added to ${file}: ${line}`,
  )
}

function print(key: string, rest: string): void {
  process.stdout.write(`key (give it to the client; it is kept nowhere): ${key}\n${rest}\n`)
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
