import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'ini'
import { MarqueeError } from '../../errors.ts'

/** The variables of the environment by which Amazon's tools find credentials, as far as they are set. */
export type S3Environment = {
  readonly AWS_ACCESS_KEY_ID?: string | undefined
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined
  readonly AWS_SESSION_TOKEN?: string | undefined
  readonly AWS_PROFILE?: string | undefined
  readonly AWS_SHARED_CREDENTIALS_FILE?: string | undefined
}

export type S3Credentials = {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/**
 * The credentials of the environment, or else those of a profile in the shared credentials file
 * (docs.aws.amazon.com/sdkref/latest/guide/file-format.html); an `invalid-request` error says what
 * is missing.
 */
export function s3Credentials(environment: S3Environment): S3Credentials {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = environment
  if (id && secret) return credentials(id, secret, environment.AWS_SESSION_TOKEN)
  const profile = environment.AWS_PROFILE || 'default'
  const file = environment.AWS_SHARED_CREDENTIALS_FILE || join(homedir(), '.aws', 'credentials')
  const found = sectionOf(file, profile)
  const [ownId, ownSecret] = [found['aws_access_key_id'], found['aws_secret_access_key']]
  if (typeof ownId === 'string' && typeof ownSecret === 'string')
    return credentials(ownId, ownSecret, found['aws_session_token'])
  throw new MarqueeError(
    'invalid-request',
    `The store is an S3 bucket, and there are no credentials for it: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or put them into the profile "${profile}" of the shared credentials file.`,
  )
}

function credentials(accessKeyId: string, secretAccessKey: string, token: unknown): S3Credentials {
  const isToken = typeof token === 'string' && token !== ''
  return { accessKeyId, secretAccessKey, ...(isToken && { sessionToken: token }) }
}

function sectionOf(file: string, profile: string): Record<string, unknown> {
  try {
    const section: unknown = parse(readFileSync(file, 'utf8'))[profile]
    return typeof section === 'object' && section !== null ? { ...section } : {}
  } catch {
    return {}
  }
}
