import { createHash } from 'node:crypto'
import { isDamage, MarqueeError } from '../../errors.ts'
import type { BatchFormat } from '../../model/spec/batch-spec.ts'
import type { ObjectStore } from '../object-store.ts'
import {
  type Batches,
  type BatchManifest,
  type BatchPart,
  newPartFile,
  openBatches,
} from './batches.ts'

type IsErased = (userId: string) => boolean

/**
 * Takes users out of all batches, and out of what was asked for; cut off, it can begin anew. A damaged
 * one, of which nobody knows whom it names, is removed and told. Nobody else may rewrite or publish
 * batches at once.
 */
export async function eraseFromBatches(
  store: ObjectStore,
  isErased: IsErased,
  onDamage: (job: string, error: Error) => void,
): Promise<void> {
  const batches = openBatches(store)
  for (const job of await batches.jobs())
    await eraseFrom(batches, job, isErased).catch(async (error: unknown) => {
      if (!isDamage(error)) throw error
      onDamage(job, error)
      await batches.remove(job)
    })
}

async function eraseFrom(batches: Batches, job: string, isErased: IsErased): Promise<void> {
  const asked = await batches.asked(job)
  const idOf = (one: NonNullable<typeof asked>[number]) =>
    one === null || typeof one === 'string' ? one : one.userId
  const isGone = (id: string | null) => id !== null && isErased(id)
  // In their place stays a null, so that every part has the others that it would have had.
  if (asked?.some((one) => isGone(idOf(one))))
    await batches.askAnew(
      job,
      asked.map((one) => (isGone(idOf(one)) ? null : one)),
    )
  const manifest = await batches.find(job)
  if (!manifest) return
  const rest = await withoutErased(batches, manifest, isErased)
  // Removed meanwhile: what was written of it goes, too.
  if (rest !== manifest && !(await batches.rewrite(rest))) return batches.remove(job)
  await batches.tidy(rest)
}

/**
 * The manifest with other parts in place of those that have lines of such users; a `damaged-segment`
 * error where a part is not what the manifest says.
 */
export async function withoutErased(
  batches: Batches,
  manifest: BatchManifest,
  isErased: IsErased,
): Promise<BatchManifest> {
  const { id, spec } = manifest
  let changed = manifest
  for (const part of manifest.parts) {
    const bytes = await batches.getPart(id, part)
    if (!bytes) continue
    if (hashOf([bytes]) !== part.sha256)
      throw new MarqueeError('damaged-segment', `Part ${part.part} of batch ${id} is damaged.`)
    const found = withoutLinesOf(isErased, spec.format, bytes)
    if (found.lines === 0) continue
    const rest: BatchPart = {
      ...part,
      file: newPartFile(part.part, spec.format),
      users: part.users - found.users,
      rows: part.rows - (spec.predict ? found.lines : found.users),
      sizeBytes: found.rest.reduce((sum, { length }) => sum + length, 0),
      sha256: hashOf(found.rest),
    }
    await batches.putPart(id, rest.file, found.rest)
    changed = {
      ...changed,
      parts: changed.parts.map((one) => (one.part === part.part ? rest : one)),
      users: changed.users - (part.users - rest.users),
      rows: changed.rows - (part.rows - rest.rows),
      sizeBytes: changed.sizeBytes - (part.sizeBytes - rest.sizeBytes),
      erased: changed.erased + found.users,
    }
  }
  return changed
}

function hashOf(pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256')
  for (const piece of pieces) hash.update(piece)
  return hash.digest('hex')
}

const newline = 0x0a

/** The bytes without the lines of such users, and how many lines and users these were. */
export function withoutLinesOf(
  isErased: IsErased,
  format: BatchFormat,
  bytes: Uint8Array,
): { readonly rest: Uint8Array[]; readonly lines: number; readonly users: number } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rest: Uint8Array[] = []
  const users = new Set<string>()
  let [kept, lines] = [0, 0]
  const header = format === 'csv' ? text.indexOf(newline) + 1 || text.length : 0
  for (let from = header; from < text.length; ) {
    const end = text.indexOf(newline, from) + 1 || text.length
    const userId = userIn(text.toString('utf8', from, Math.min(end, from + mostIdBytes)), format)
    if (isErased(userId)) {
      if (from > kept) rest.push(bytes.subarray(kept, from))
      kept = end
      lines += 1
      users.add(userId)
    }
    from = end
  }
  rest.push(bytes.subarray(kept))
  return { rest, lines, users: users.size }
}

/** An id of 128 units, each of which may be escaped. */
const mostIdBytes = 1_024

/** The user that a line is of, from its beginning. */
function userIn(line: string, format: BatchFormat): string {
  if (format === 'ndjson') {
    const [, json] = /^\{"userId":("(?:[^"\\]|\\.)*")/.exec(line) ?? []
    return JSON.parse(json ?? '""')
  }
  const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? []
  return quoted?.replaceAll('""', '"') ?? plain
}
