import { createHash } from 'node:crypto'
import { isDamage, MarqueeError } from '../../errors.ts'
import { type BatchFormat, batchFormats } from '../../model/spec/batch-spec.ts'
import type { ObjectStore } from '../object-store.ts'
import {
  type Batches,
  type BatchManifest,
  type BatchPart,
  newPartFile,
  openBatches,
  type RewrittenPart,
} from './batches.ts'
import { withoutRowsOf } from './parquet-part.ts'

type LineFormat = Exclude<BatchFormat, 'parquet'>
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
  if (!manifest) return eraseFromUnpublished(batches, job, isErased)
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
  const { id } = manifest
  let changed = manifest
  for (const part of manifest.parts) {
    const bytes = await batches.getPart(id, part)
    if (!bytes) continue
    if (hashOf([bytes]) !== part.sha256)
      throw new MarqueeError('damaged-segment', `Part ${part.part} of batch ${id} is damaged.`)
    const rewritten = await rewrite(batches, id, part.file, bytes, isErased)
    if (rewritten) changed = withRewritten(changed, part, rewritten)
  }
  return changed
}

/** The parts that wait for their manifest, which then has them as this leaves them. */
async function eraseFromUnpublished(
  batches: Batches,
  job: string,
  isErased: IsErased,
): Promise<void> {
  for (const file of await batches.files(job)) {
    const bytes = await batches.getPart(job, { file })
    const rewritten = bytes && (await rewrite(batches, job, file, bytes, isErased))
    if (rewritten) await batches.replace(job, file, rewritten)
  }
}

/** A manifest that is to be published, with the parts as erasures have left them since they were made. */
export async function asLeft(batches: Batches, manifest: BatchManifest): Promise<BatchManifest> {
  let changed = manifest
  for (let part of manifest.parts)
    for (;;) {
      const rewritten = await batches.replaced(manifest.id, part.file)
      if (!rewritten) break
      changed = withRewritten(changed, part, rewritten)
      part = changed.parts.find((one) => one.part === part.part)!
    }
  return changed
}

/** Puts a file without the lines of such users beside the one of a part; null where it has none. */
async function rewrite(
  batches: Batches,
  job: string,
  old: string,
  bytes: Uint8Array,
  isErased: IsErased,
): Promise<RewrittenPart | null> {
  const format = batchFormats.find((one) => old.endsWith(`.${one}`)) ?? 'ndjson'
  const { rest, lines, users } =
    format === 'parquet'
      ? await withoutRowsOf(isErased, bytes)
      : withoutLinesOf(isErased, format, bytes)
  if (lines === 0) return null
  const file = newPartFile(Number.parseInt(old, 10), format)
  await batches.putPart(job, file, rest)
  const sizeBytes = rest.reduce((sum, { length }) => sum + length, 0)
  return { file, sizeBytes, sha256: hashOf(rest), lines, users }
}

/** The manifest with a rewritten part in place of the one that it was. */
function withRewritten(
  manifest: BatchManifest,
  part: BatchPart,
  { lines, users, ...facts }: RewrittenPart,
): BatchManifest {
  const rows = manifest.spec.predict ? lines : users
  const rest = { ...part, ...facts, users: part.users - users, rows: part.rows - rows }
  return {
    ...manifest,
    parts: manifest.parts.map((one) => (one.part === part.part ? rest : one)),
    users: manifest.users - users,
    rows: manifest.rows - rows,
    sizeBytes: manifest.sizeBytes - (part.sizeBytes - rest.sizeBytes),
    erased: manifest.erased + users,
  }
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
  format: LineFormat,
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
function userIn(line: string, format: LineFormat): string {
  if (format === 'ndjson') {
    const [, json] = /^\{"userId":("(?:[^"\\]|\\.)*")/.exec(line) ?? []
    return JSON.parse(json ?? '""')
  }
  const [, quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(line) ?? []
  return quoted?.replaceAll('""', '"') ?? plain
}
