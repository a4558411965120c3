import { randomUUID } from 'node:crypto'
import { MarqueeError } from '../../errors.ts'
import type { S3Client } from './s3-client.ts'

/**
 * Finds out whether a server keeps the conditions of writes, without which two processes that publish
 * at once could lose one's: an `invalid-request` error where it does not.
 */
export async function probeConditions(ask: S3Client): Promise<void> {
  const key = `probe/${randomUUID()}`
  const put = async (headers: Readonly<Record<string, string>>) => {
    const body = Buffer.from(randomUUID())
    return (await ask({ method: 'PUT', key, headers, body, expected: [412] })).status
  }
  try {
    await put({})
    const other = '"00000000000000000000000000000000"'
    for (const [name, value] of [
      ['If-None-Match', '*'],
      ['If-Match', other],
    ] as const)
      if ((await put({ [name.toLowerCase()]: value })) !== 412)
        throw new MarqueeError(
          'invalid-request',
          `MARQUEE_STORE: the S3 server overwrites against a condition (${name}); take one that keeps it, as Amazon, Cloudflare R2, MinIO and Ceph do.`,
        )
  } finally {
    await ask({ method: 'DELETE', key, expected: [404] }).catch(() => {})
  }
}
