import { type Config, readConfig } from '../config.ts'
import { MarqueeError } from '../errors.ts'
import { secretsOfEnvironment } from '../http/keys/api-keys.ts'
import { signToken, type TokenScope, type TokenSecret } from '../http/keys/user-tokens.ts'
import { readKeysFile } from '../http/keys/watch-keys.ts'
import { idSchema } from '../model/data/ids.ts'

/** Prints a token of a user, signed with the newest secret that is good, and nothing else. */
export async function printToken({
  user,
  minutes,
  scope,
}: {
  user: string
  minutes: number
  scope?: TokenScope
}): Promise<void> {
  if (!idSchema.safeParse(user).success)
    throw new MarqueeError('invalid-request', '--user: expected an id of 1 to 128 characters.')
  const secret = await newestSecret(readConfig())
  const scopes = scope === undefined ? [] : [scope]
  const token = await signToken(secret, { user, seconds: 60 * minutes, scopes })
  process.stdout.write(`${token}\n`)
}

/** The last one of the keys file, else of the environment: in a rotation the newer comes behind. */
async function newestSecret(config: Config): Promise<TokenSecret> {
  const { MARQUEE_KEYS_FILE: file, MARQUEE_TOKEN_SECRETS: others } = config
  const inFile = file === '' ? [] : (await readKeysFile(file)).secrets
  const secret = [...secretsOfEnvironment(others), ...inFile].findLast(
    ({ expires }) => expires === null || expires > Date.now(),
  )
  if (secret) return secret
  throw new MarqueeError(
    'invalid-request',
    'There is no secret to sign with, in MARQUEE_TOKEN_SECRETS or the file MARQUEE_KEYS_FILE; "marquee key token-secret" makes one.',
  )
}
