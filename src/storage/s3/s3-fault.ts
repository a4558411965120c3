import { MarqueeError } from '../../errors.ts'

/** An answer of an S3 server that is a refusal, or why there was none. */
export class S3Fault extends Error {
  override readonly name = 'S3Fault'
  /** HTTP status; 0 where there was no answer. */
  readonly status: number
  /** The server's code, such as NoSuchBucket. */
  readonly code: string

  constructor(status: number, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.status = status
    this.code = code
  }
}

const sentences: Readonly<Record<string, string>> = {
  NoSuchBucket: 'its bucket is not there: make it, or correct MARQUEE_STORE',
  InvalidAccessKeyId:
    'its server does not know the access key: correct AWS_ACCESS_KEY_ID or the profile',
  SignatureDoesNotMatch:
    'its server refuses the secret key: correct AWS_SECRET_ACCESS_KEY or the profile',
  ExpiredToken: 'its credentials have expired: give this process new ones',
  InvalidToken: 'its server refuses the session token: correct AWS_SESSION_TOKEN',
  RequestTimeTooSkewed:
    'the clock of this machine and that of its server are more than a quarter of an hour apart: set it',
  PermanentRedirect: 'the bucket is in another region: put region=… into MARQUEE_STORE',
  AuthorizationHeaderMalformed: 'the bucket is in another region: put region=… into MARQUEE_STORE',
  AccessDenied: 'its credentials do not allow this',
}
const full = ['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage', 'StorageQuotaExceeded']
const readOnly = ['AccessDenied', 'AllAccessDisabled', 'MethodNotAllowed']

/** A refusal as one of our errors, in a sentence that says what to do and names no address. */
export function asMarqueeError(fault: S3Fault, isWriting: boolean): MarqueeError {
  const { status } = fault
  // What has no body, such as the answer to a question for the head alone, has no code.
  const code = fault.code === '' && status === 403 ? 'AccessDenied' : fault.code
  if (full.includes(code) || status === 507)
    return new MarqueeError('out-of-space', 'The store has no room left: nothing was kept.', {
      cause: fault,
    })
  const what =
    sentences[code] ??
    (status === 0
      ? 'its server cannot be reached, or the endpoint of MARQUEE_STORE is not right'
      : `its server answered with ${status}${code === '' ? '' : ` (${code})`}`)
  const isRefused = isWriting && readOnly.includes(code)
  return new MarqueeError(
    isRefused ? 'store-read-only' : 'store-unavailable',
    `The store cannot be ${isWriting ? 'written to' : 'read'}: ${what}.`,
    { cause: fault },
  )
}

/** What is answered, with an `S3Fault` as one of our errors. */
export async function asOurs<T>(isWriting: boolean, answer: Promise<T>): Promise<T> {
  try {
    return await answer
  } catch (error) {
    throw error instanceof S3Fault ? asMarqueeError(error, isWriting) : error
  }
}
