import { Vocabulary } from '../../model/data/vocabulary.ts'
import type { BatchSpec } from '../../model/spec/batch-spec.ts'
import { ownThreads } from '../../numeric/parallel/own-threads.ts'
import { type PartRow, parquetPart } from '../../storage/batches/parquet-part.ts'
import { erasedSince } from '../../storage/erasures/erase-models.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import { createStore, type StoreSettings } from '../../storage/open-store.ts'
import { type LiveMark, marksOf } from '../../storage/segments/live-marks.ts'
import { segmentNames } from '../../storage/segments/segment-names.ts'
import { type BatchItems, headerOf } from './batch-lines.ts'
import { loadBatchModel } from './batch-model.ts'
import { openBatchThreads, openInPlace } from './batch-threads.ts'
import type { WrittenSpan } from './batch-writer.ts'

/** What a process has open to answer for many: a model in memory, and threads on all cores. */
export type OpenBatch = {
  /** Up to which live event of each epoch its answers know, at the least. */
  readonly live: readonly LiveMark[]
  /** All users in the one of so many parts, each user of all in one of them. */
  usersOf(part: number, parts: number): Promise<string[]>
  /** The lines of the items in their order; told how many are done. */
  write(items: BatchItems, onDone: (items: number) => void): Promise<WrittenPart>
  close(): Promise<void>
}

/** The bytes of a part, one after the other, and what they are of. */
export type WrittenPart = {
  readonly bytes: readonly Uint8Array[]
  readonly users: number
  readonly rows: number
}

/** What a batch is of; `items` are at most so many users or pairs. */
export type BatchAsked = {
  readonly model: string
  readonly spec: BatchSpec
  readonly items: number
}

/** For fewer a thread takes longer to start than to answer. */
const leastItems = 500

/** Opens what answers as a server with this model, and with all that the store has by now. */
export async function openBatch(
  settings: StoreSettings,
  registry: ModelRegistry,
  { model: version, spec, items }: BatchAsked,
): Promise<OpenBatch> {
  const store = createStore(settings)
  const live = marksOf(await segmentNames(store, 'ratings'))
  const cores = Math.min(ownThreads(), Math.floor(items / leastItems))
  const model = await loadBatchModel(store, registry, version, Math.max(1, cores))
  const data = { model, store: settings, spec }
  const threads = cores > 0 ? openBatchThreads(data, cores) : await openInPlace(data)
  const { ids } = new Vocabulary(model.prepared.model.users)
  let fresh: Promise<string[]> | null = null
  return {
    live,
    async usersOf(part, parts) {
      fresh ??= threads.newUsers()
      const news = new Set(await fresh)
      // Those of the model and those told of since; who was erased and came back is one of these.
      const isErased = await erasedSince(store, model.card.data.live ?? [])
      const known = ids.filter(
        (id) => partOf(id, parts) === part && !news.has(id) && !isErased?.(id),
      )
      return [...known, ...[...news].filter((id) => partOf(id, parts) === part)]
    },
    async write(items, onDone) {
      const spans = await threads.write(items, onDone)
      const rows = spans.reduce((total, each) => total + each.rows, 0)
      const users = spec.predict
        ? new Set(items.map((one) => (typeof one === 'string' ? one : one.userId))).size
        : rows
      if (spec.format === 'parquet') {
        const what = spec.predict ? 'predictions' : 'lists'
        return { bytes: [await parquetPart(what, rowsOf(spans))], users, rows }
      }
      const header = headerOf(spec)
      const lines = spans.map((each) => each.bytes)
      const bytes = header === '' ? lines : [Buffer.from(header), ...lines]
      return { bytes, users, rows }
    },
    close: () => threads.close(),
  }
}

/** The rows of lines of JSON, parsed a span at a time. */
function* rowsOf(spans: readonly WrittenSpan[]): Generator<PartRow> {
  for (const { bytes } of spans)
    for (const line of new TextDecoder().decode(bytes).split('\n'))
      if (line !== '') yield JSON.parse(line) as PartRow
}

/**
 * The part that a user is in, by a hash of the id (FNV-1a): the same whatever else is known, so that
 * parts that are made at different times have each user once.
 */
export function partOf(userId: string, parts: number): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < userId.length; i++) hash = Math.imul(hash ^ userId.charCodeAt(i), 0x01000193)
  // Ids that differ in their last digit alone differ in few bits until these are mixed.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) % parts
}
