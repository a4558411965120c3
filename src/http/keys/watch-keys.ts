import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { MarqueeError } from '../../errors.ts'
import { type ApiKeys, finderOf } from './api-keys.ts'
import { type KeysFile, readKeys } from './keys-file.ts'

export type WatchedKeys = ApiKeys & {
  /** Reads the file anew. */
  look(): Promise<void>
  close(): void
}

const everyMs = 1_000

/**
 * The keys of a file beside others that stay: the file is read every second, and where it has changed
 * its keys are the new ones. Where it cannot be read, or is no keys file, those before it go on, which is
 * logged once and is the `fault`. An `invalid-request` error where that is so from the beginning.
 */
export async function watchKeys(options: {
  readonly file: string
  readonly others: KeysFile
  readonly logger: Logger
}): Promise<WatchedKeys> {
  const { file, others, logger } = options
  let known = await readKeysFile(file)
  let find = finderOf([...known.keys, ...others.keys])
  let fault: string | null = null

  const lookOnce = async () => {
    try {
      const now = await readKeysFile(file)
      if (now.text === known.text && fault === null) return
      known = now
      find = finderOf([...now.keys, ...others.keys])
      fault = null
      const { keys, secrets } = now
      logger.info({ keys: keys.length, secrets: secrets.length }, 'The keys were read anew.')
    } catch (error) {
      const { message } = error as Error
      if (message === fault) return
      fault = message
      logger.error({ reason: message }, 'The keys cannot be read anew: those before go on.')
    }
  }
  let looking: Promise<void> = Promise.resolve()
  const look = () => {
    looking = looking.then(lookOnce)
    return looking
  }
  const timer = setInterval(look, everyMs).unref()
  return {
    areNeeded: true,
    find: (key) => find(key),
    secrets: () => [...known.secrets, ...others.secrets],
    fault: () => fault,
    look,
    close: () => clearInterval(timer),
  }
}

/** The file and its keys; errors name the variable and not the path. */
export async function readKeysFile(file: string): Promise<KeysFile & { text: string }> {
  try {
    const text = await readFile(file, 'utf8')
    return { text, ...readKeys(text) }
  } catch (error) {
    const reason =
      error instanceof MarqueeError
        ? error.message
        : `It cannot be read (${(error as NodeJS.ErrnoException).code}).`
    throw new MarqueeError('invalid-request', `MARQUEE_KEYS_FILE: ${reason}`)
  }
}
