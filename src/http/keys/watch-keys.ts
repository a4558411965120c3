import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import { MarqueeError } from '../../errors.ts'
import { type ApiKey, type ApiKeys, finderOf } from './api-keys.ts'
import { readKeys } from './keys-file.ts'

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
  readonly others: readonly ApiKey[]
  readonly logger: Logger
}): Promise<WatchedKeys> {
  const { file, others, logger } = options
  let { text, keys } = await read(file)
  let find = finderOf([...keys, ...others])
  let fault: string | null = null

  const lookOnce = async () => {
    try {
      const now = await read(file)
      if (now.text === text && fault === null) return
      text = now.text
      find = finderOf([...now.keys, ...others])
      fault = null
      logger.info({ keys: now.keys.length }, 'The keys were read anew.')
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
    fault: () => fault,
    look,
    close: () => clearInterval(timer),
  }
}

/** The file and its keys; errors name the variable and not the path. */
async function read(file: string): Promise<{ text: string; keys: ApiKey[] }> {
  try {
    const text = await readFile(file, 'utf8')
    return { text, keys: readKeys(text) }
  } catch (error) {
    const reason =
      error instanceof MarqueeError
        ? error.message
        : `It cannot be read (${(error as NodeJS.ErrnoException).code}).`
    throw new MarqueeError('invalid-request', `MARQUEE_KEYS_FILE: ${reason}`)
  }
}
