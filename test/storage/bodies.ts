import assert from 'node:assert/strict'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { ZipFile } from 'yazl'
import { MarqueeError } from '../../src/errors.ts'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { createFileStore } from '../../src/storage/file-store.ts'
import { removeFolder } from '../support/remove-folder.ts'

/** A body in pieces of so many bytes, as a stream would give it; text is UTF-8. */
export async function* body(content: string | Uint8Array, pieceBytes = 65_536) {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  for (let at = 0; at < bytes.length; at += pieceBytes)
    yield new Uint8Array(bytes.subarray(at, at + pieceBytes))
}

/** A body that gives its bytes and then fails, as when a client goes away. */
export async function* abortedBody(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield* body(content)
  throw new Error('aborted')
}

/** An empty folder that goes with the test. */
export async function temporaryFolder(t: Pick<TestContext, 'after'>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'marquee-test-'))
  t.after(() => removeFolder(folder))
  return folder
}

/** An empty store that goes with the test. */
export async function temporaryStore(t: TestContext) {
  return createFileStore(await temporaryFolder(t))
}

/** A zip of these files; a name that ends with "/" is a folder. */
export async function zipOf(
  files: Record<string, string | Buffer>,
  end: object = {},
): Promise<Buffer> {
  const zip = new ZipFile()
  for (const [name, content] of Object.entries(files))
    if (name.endsWith('/')) zip.addEmptyDirectory(name)
    else zip.addBuffer(Buffer.from(content), name)
  zip.end(end as never)
  return buffer(zip.outputStream as NodeJS.ReadableStream)
}

/** The rows as [userId, movieId, rating, timestamp]. */
export function rowsOf({ users, movies, userIndex, movieIndex, ...columns }: Ratings) {
  return Array.from(columns.rating, (rating, row) => [
    users.idOf(userIndex[row]!),
    movies.idOf(movieIndex[row]!),
    rating,
    columns.timestamp[row],
  ])
}

/** Whether an error is of ours, with this code and such a message. */
export const isError = (code: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof MarqueeError, String(error))
  assert.equal(error.code, code)
  assert.match(error.message, message)
  return true
}
