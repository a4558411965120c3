import { MarqueeError } from '../errors.ts'
import { S3Fault } from './s3/s3-fault.ts'

const noRoom = ['ENOSPC', 'EDQUOT']
const noRight = ['EROFS', 'EACCES', 'EPERM']

/**
 * A failure of the disk as one of ours, in a sentence that names no path: `out-of-space`, where
 * something was to be written `store-read-only`, else `internal`. Any other error is itself.
 */
export function asStoreFault(error: unknown, isWriting: boolean, what = 'The store'): unknown {
  if (error instanceof MarqueeError || !(error instanceof Error)) return error
  if (!('code' in error && 'syscall' in error)) return error
  const code = String(error.code)
  if (noRoom.includes(code))
    return new MarqueeError('out-of-space', `${what} has no room left: nothing was kept.`, {
      cause: error,
    })
  if (isWriting && noRight.includes(code))
    return new MarqueeError('store-read-only', `${what} cannot be written to (${code}).`, {
      cause: error,
    })
  const verb = isWriting ? 'written to' : 'read'
  return new MarqueeError('internal', `${what} could not be ${verb} (${code}).`, { cause: error })
}

/** Whether an error is a failure of the disk, as `asStoreFault` gives it, or of the bucket. */
export function isStoreFault(error: unknown): boolean {
  if (!(error instanceof MarqueeError)) return false
  if (error.cause instanceof S3Fault) return true
  return error.cause instanceof Error && 'syscall' in error.cause
}

/** The result of a function of the disk, whose failures are as of `asStoreFault`. */
export async function onDisk<T>(
  isWriting: boolean,
  work: () => Promise<T>,
  what?: string,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asStoreFault(error, isWriting, what)
  }
}
