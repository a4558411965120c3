import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isDamage, MarqueeError } from '../../errors.ts'
import { versionPattern } from '../../model/card.ts'
import { livePositionSchema } from '../../model/data/live-position.ts'
import { type BatchFormat, batchSpecSchema } from '../../model/spec/batch-spec.ts'
import type { ObjectStore } from '../object-store.ts'
import { readJson } from '../read-json.ts'

/**
 * Answers that a job has made for many, under the id of the job:
 *
 *   batches/<job>/asked.json          the users or pairs that were asked for by id; null in the place
 *                                     of one that was erased
 *   batches/<job>/input.json          how many these are, where they came as a file of their own
 *   batches/<job>/plan.json           the model and the parts, fixed by the first attempt
 *   batches/<job>/<n>-<random>.<ext>  a part; of one that was made twice the manifest names one
 *   batches/<job>/erased-<part>.json  while there is no manifest: which file an erasure has put in
 *                                     place of that of a part
 *   batches/<job>/manifest.json       written last: the one commit
 */
const folder = 'batches/'
const jobPattern = /^job-[0-9a-f]{24}$/
const folderOf = (job: string) => `${folder}${job}/`

const marks = z.array(livePositionSchema)

const planSchema = z.object({
  model: z.string().regex(versionPattern),
  /** Up to which live events every part goes at least. */
  live: marks,
  parts: z.int(),
  /** Users or pairs, about: of all users those of the model. */
  items: z.int(),
  /** The same, at most: with those who may have come since. */
  mostItems: z.int(),
})
export type BatchPlan = z.output<typeof planSchema>

export const batchPartSchema = z
  .object({
    part: z.int().describe('From 0.'),
    file: z.string(),
    users: z
      .int()
      .describe('So many users have lines in it; a list of no movie has none but in NDJSON.'),
    rows: z.int().describe('Lists, or predictions.'),
    sizeBytes: z.int(),
    sha256: z.string(),
    live: marks.describe('Up to which live event of each epoch its answers know.'),
  })
  .meta({ id: 'BatchPart' })
export type BatchPart = z.output<typeof batchPartSchema>

export const manifestSchema = z
  .object({
    id: z.string().describe('The id of the job that made it.'),
    createdAt: z.iso.datetime(),
    model: z.string().describe('The version of the model that answered.'),
    live: marks.describe('Up to which live event of each epoch all of it knows, at the least.'),
    spec: batchSpecSchema,
    users: z
      .int()
      .describe('The sum of its parts; a user whose pairs are in several counts in each.'),
    rows: z.int(),
    sizeBytes: z.int(),
    parts: z.array(batchPartSchema).describe('Together they have each user once.'),
    erased: z.int().describe('Users who were taken out, as they were erased since.'),
  })
  .meta({ id: 'Batch' })
export type BatchManifest = z.output<typeof manifestSchema>

/** A part without lines that an erasure has taken out, and how many these were. */
const rewrittenSchema = z.object({
  file: z.string(),
  sizeBytes: z.int(),
  sha256: z.string(),
  lines: z.int(),
  users: z.int(),
})
export type RewrittenPart = z.output<typeof rewrittenSchema>

const askedSchema = z.array(
  z.union([z.string(), z.object({ userId: z.string(), movieId: z.string() }), z.null()]),
)
export type KeptAsked = z.output<typeof askedSchema>

const inputSchema = z.object({ what: z.enum(['users', 'pairs']), count: z.int() })
export type BatchInput = z.output<typeof inputSchema>

/** A name for the file of a part, which no other attempt or erasure gives. */
export function newPartFile(part: number, format: BatchFormat): string {
  return `${String(part).padStart(5, '0')}-${randomBytes(4).toString('hex')}.${format}`
}

function nullIfDamaged(error: unknown): null {
  if (isDamage(error)) return null
  throw error
}

/** The batches of a store. */
export type Batches = ReturnType<typeof openBatches>

export function openBatches(store: ObjectStore) {
  const read = async <Schema extends z.ZodType>(job: string, name: string, schema: Schema) => {
    const bytes = jobPattern.test(job) ? await store.get(`${folderOf(job)}${name}`) : null
    return bytes && readJson(bytes, schema, `${name} of batch ${job}`)
  }
  const json = (value: object) => [Buffer.from(JSON.stringify(value))]
  const find = (job: string) => read(job, 'manifest.json', manifestSchema)
  const findWhole = (job: string) => find(job).catch(nullIfDamaged)
  const jobs = async () => {
    const keys = await store.list(folder)
    return [...new Set(keys.map((key) => key.slice(folder.length).split('/')[0]!))]
  }
  const remove = async (job: string) => {
    // The manifest goes first: without it the rest is no batch. A part that comes after the plan has
    // gone is taken back.
    for (const name of ['manifest.json', 'plan.json']) await store.remove(folderOf(job) + name)
    for (const key of await store.list(folderOf(job))) await store.remove(key)
  }

  const lastChange = async (job: string) => {
    const keys = await store.list(folderOf(job))
    const facts = await Promise.all(keys.map((key) => store.stat(key)))
    return Math.max(...facts.map((one) => one?.changedMs ?? 0))
  }

  return {
    /** The ids of jobs that have something here. */
    jobs,
    /** The manifest; null where the batch is not done, or gone. */
    find,
    /** The manifest, or an `unknown-batch` error. */
    async get(job: string): Promise<BatchManifest> {
      const manifest = await find(job)
      if (manifest) return manifest
      throw new MarqueeError('unknown-batch', `There is no batch ${JSON.stringify(job)}.`)
    },
    /** All that are done, newest first, without those whose manifest is damaged. */
    async list(): Promise<BatchManifest[]> {
      const found = await Promise.all((await jobs()).map(findWhole))
      return found
        .filter((manifest) => manifest !== null)
        .sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    },
    ask: (job: string, asked: KeptAsked) => store.put(`${folderOf(job)}asked.json`, json(asked)),
    /** Puts others in place of those that were asked for, unless the batch is gone. */
    askAnew: (job: string, asked: KeptAsked) =>
      store.putIfPresent(`${folderOf(job)}asked.json`, json(asked)),
    /** Keeps what a file asked for, whose job is yet to be asked for. */
    describeInput: (job: string, input: BatchInput) =>
      store.put(`${folderOf(job)}input.json`, json(input)),
    /** The same; null where there is no such file, or it is answered. */
    input: (job: string) => read(job, 'input.json', inputSchema),
    asked: (job: string) => read(job, 'asked.json', askedSchema),
    plan: (job: string) => read(job, 'plan.json', planSchema),
    /** Keeps the plan unless there is one; gives the one that is kept. */
    async fixPlan(job: string, plan: BatchPlan): Promise<BatchPlan> {
      await store.putIfAbsent(`${folderOf(job)}plan.json`, json(plan))
      return (await read(job, 'plan.json', planSchema))!
    },
    /** The models that those answer from which are being made. */
    async models(): Promise<string[]> {
      const found = await Promise.all(
        (await jobs()).map(async (job) => {
          const plan = await read(job, 'plan.json', planSchema).catch(nullIfDamaged)
          return plan && !(await findWhole(job)) ? [plan.model] : []
        }),
      )
      return found.flat()
    },
    putPart: (job: string, file: string, parts: readonly Uint8Array[]) =>
      store.put(`${folderOf(job)}${file}`, parts),
    getPart: (job: string, { file }: Pick<BatchPart, 'file'>) =>
      store.get(`${folderOf(job)}${file}`),
    openPart: (job: string, { file }: BatchPart) => store.open(`${folderOf(job)}${file}`),
    /** The files of parts, of a job that has not published them. */
    async files(job: string): Promise<string[]> {
      const names = (await store.list(folderOf(job))).map((key) => key.slice(folderOf(job).length))
      return names.filter((name) => !name.endsWith('.json'))
    },
    removeFile: (job: string, file: string) => store.remove(`${folderOf(job)}${file}`),
    /** Puts a rewritten part in place of a file of a job that has not published it. */
    async replace(job: string, file: string, rewritten: RewrittenPart): Promise<void> {
      await store.put(`${folderOf(job)}erased-${file}.json`, json(rewritten))
      await store.remove(`${folderOf(job)}${file}`)
    },
    replaced: (job: string, file: string) => read(job, `erased-${file}.json`, rewrittenSchema),
    publish: (manifest: BatchManifest) =>
      store.put(`${folderOf(manifest.id)}manifest.json`, json(manifest)),
    /** Removes what a manifest does not name. */
    async tidy(manifest: BatchManifest): Promise<void> {
      const own = folderOf(manifest.id)
      const kept = new Set([
        'manifest.json',
        'plan.json',
        ...manifest.parts.map(({ file }) => file),
      ])
      for (const key of await store.list(own))
        if (!kept.has(key.slice(own.length))) await store.remove(key)
    },
    /** Puts another manifest in place of the one there is; false where that is gone. */
    rewrite: (manifest: BatchManifest) =>
      store.putIfPresent(`${folderOf(manifest.id)}manifest.json`, json(manifest)),
    remove,
    /**
     * Removes those that were published so long ago, and what nobody has put anything to for so long
     * of jobs that have ended; gives how many there were.
     */
    async sweep(
      oldestMs: number,
      isUnfinished: (job: string) => Promise<boolean>,
    ): Promise<number> {
      let swept = 0
      for (const job of await jobs()) {
        const manifest = await findWhole(job)
        if (!manifest && (await isUnfinished(job))) continue
        // An erasure changes files, and is no reason to keep them longer.
        const since = manifest ? Date.parse(manifest.createdAt) : await lastChange(job)
        if (Date.now() - since < oldestMs) continue
        await remove(job)
        swept += 1
      }
      return swept
    },
  }
}
