import { createHash, randomBytes } from 'node:crypto'
import { roles } from '../config.ts'
import { MarqueeError } from '../errors.ts'

/** Prints a new API key, once, and the entry for MARQUEE_API_KEYS that lets it in. */
export async function keyCommand(args: string[]): Promise<void> {
  const [role = ''] = args
  if (args.length !== 1 || !roles.some((known) => known === role))
    throw new MarqueeError(
      'invalid-request',
      `Expected one role, ${roles.join(', ')}: marquee key admin`,
    )
  const key = `mq_${randomBytes(24).toString('base64url')}`
  const sha256 = createHash('sha256').update(key).digest('hex')
  process.stdout.write(`key (give it to the client; it is kept nowhere): ${key}\n`)
  process.stdout.write(`entry for MARQUEE_API_KEYS: ${role}:${sha256}\n`)
}
