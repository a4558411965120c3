import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { MarqueeError } from '../errors.ts'
import { cardSchema, type ModelCard, versionPattern } from '../model/card.ts'
import { type ModelReport, reportSchema } from '../model/report.ts'
import { runningExperiment } from './experiments/experiments.ts'
import { filesOf, jsonOf, reportKeyOf, sealedFile } from './model-files.ts'
import type { ObjectStore, StoredBytes } from './object-store.ts'
import { damagedModel, hashOf } from './verify-tensors.ts'

/**
 * Published models:
 *
 *   models/<version>/model.safetensors   written first; a second attempt at the same job writes
 *                                        model-2.safetensors, so that no attempt can touch the bytes
 *                                        of another
 *   models/<version>/start.safetensors   what later trainings may start from, numbered in the same
 *                                        way; not of earlier releases
 *   models/<version>/report.json         written next, and numbered in the same way
 *   models/<version>/card.json           written last and never over another: the one commit
 *   models/current.json                  the pointer: which version serves and which served before
 *   models/renewal                       a text that is another one after a model was rewritten
 *
 * A model that is rewritten, because users are to go, keeps its version: its files get numbers from
 * 1001 on, then the card names them, then the renewal tells that something has changed.
 */
export type ModelRegistry = {
  /**
   * Writes the tensors, the report, then the card, then makes the version the one that serves.
   * False when another attempt (counted from 1) had published this version: then that one stands.
   */
  publish(files: ModelFiles, card: UnsealedCard, attempt?: number): Promise<boolean>
  /**
   * Makes a published version the one that serves, unless it has served before, or an experiment runs:
   * only an admin's word ends one.
   */
  promoteIfNew(version: string): Promise<void>
  /** All cards that can be read, newest first. */
  list(): Promise<ModelCard[]>
  /** The card, or an `unknown-model` error. */
  card(version: string): Promise<ModelCard>
  /** The card, or null when the version is not (yet) published. */
  find(version: string): Promise<ModelCard | null>
  /** The model's bytes, not verified; an `invalid-model` error if they lack the card's size. */
  tensors(card: ModelCard): Promise<Uint8Array>
  /** The same bytes, to be read in parts; an `invalid-model` error where they are missing. */
  openTensors(card: ModelCard): Promise<StoredBytes>
  /** The report of its training; an `unknown-model`, `not-found` or `invalid-model` error. */
  report(version: string): Promise<ModelReport>
  /** The version that is to serve, or null before the first model. */
  current(): Promise<string | null>
  /** The name of what is to serve: the version and, after any was rewritten, the newest renewal. */
  wanted(): Promise<string | null>
  /** The vectors that a training may start from; null where the model keeps none that are whole. */
  start(card: ModelCard): Promise<Uint8Array | null>
  /** Puts other tensors in place of a version's, unless it is gone. */
  rewrite(version: string, files: Omit<ModelFiles, 'report'>): Promise<void>
  /** Makes those that follow the pointer load what it names anew. */
  renew(): Promise<void>
  /** Makes a published version the one that serves. */
  promote(version: string): Promise<void>
  /** Returns to the version that served before; a `no-earlier-model` error when there is none. */
  rollback(): Promise<string>
  /** The version that `rollback` would return to; the same error. */
  rollbackTarget(): Promise<string>
  /** Removes all but the newest `keep` versions, the one that serves and those of an experiment. */
  prune(keep: number): Promise<void>
}

/** The files of a model besides its card: the parts of its tensors and of its start; the report. */
export type ModelFiles = {
  readonly tensors: readonly Uint8Array[]
  readonly start?: readonly Uint8Array[] | undefined
  readonly report: ModelReport
}

/** A card before its bytes are counted and hashed. */
export type UnsealedCard = Omit<ModelCard, 'tensors' | 'start'>

const pointerKey = 'models/current.json'
const pointerSchema = z.object({
  version: z.string().regex(versionPattern),
  earlier: z.array(z.string().regex(versionPattern)),
})
type Pointer = z.infer<typeof pointerSchema>
/** Not in the pointer, so that whoever renews takes no promotion back. */
const renewalKey = 'models/renewal'
const maxEarlier = 20
const firstRewriting = 1_001

/** The registry over a store; all its state is in the store. */
export function createModelRegistry(store: ObjectStore): ModelRegistry {
  const find = async (version: string): Promise<ModelCard | null> => {
    if (!versionPattern.test(version)) return null
    const bytes = await store.get(`models/${version}/card.json`)
    return bytes && readJson(bytes, cardSchema, `the card of model ${version}`)
  }
  /** One damaged card must not hide the other models. */
  const findReadable = async (version: string) => {
    try {
      return await find(version)
    } catch (error) {
      if (error instanceof MarqueeError) return null
      throw error
    }
  }
  const card = async (version: string) => {
    const found = await find(version)
    if (!found) throw new MarqueeError('unknown-model', `There is no model "${version}".`)
    return found
  }
  const versions = async () =>
    (await store.list('models/'))
      .filter((key) => key.endsWith('/card.json'))
      .map((key) => key.slice('models/'.length, -'/card.json'.length))

  const list = async () => {
    const cards = await Promise.all((await versions()).map(findReadable))
    return cards
      .filter((found) => found !== null)
      .sort((a, b) => (a.createdAt + a.version < b.createdAt + b.version ? 1 : -1))
  }
  const pointer = async (): Promise<Pointer | null> => {
    const bytes = await store.get(pointerKey)
    return bytes && readJson(bytes, pointerSchema, 'the pointer to the model that serves')
  }
  const point = ({ version, earlier }: Pointer) =>
    store.put(pointerKey, [Buffer.from(JSON.stringify({ version, earlier }))])

  const promote = async (version: string) => {
    await card(version)
    const now = await pointer()
    if (now?.version === version) return
    const earlier = now ? [now.version, ...now.earlier].slice(0, maxEarlier) : []
    await point({ version, earlier })
  }
  /** A version that served before was published whole, and an admin may have moved on from it. */
  const promoteIfNew = async (version: string) => {
    const now = await pointer()
    if (now && (now.earlier.includes(version) || (await runningExperiment(store)))) return
    await promote(version)
  }

  /** The newest of the versions that served before and is still kept, and those before it. */
  const previous = async (): Promise<Pointer> => {
    const earlier = (await pointer())?.earlier ?? []
    for (const [i, version] of earlier.entries())
      if (await find(version)) return { version, earlier: earlier.slice(i + 1) }
    throw new MarqueeError('no-earlier-model', 'No model served before this one and is still kept.')
  }

  /** Writes tensors and start; gives the card that names them. */
  const write = async (
    { start: _, ...card }: UnsealedCard & Partial<ModelCard>,
    { tensors, start }: Omit<ModelFiles, 'report'>,
    attempt: number,
  ): Promise<ModelCard> => {
    const sealed = {
      ...card,
      tensors: sealedFile('model', attempt, tensors),
      ...(start && { start: sealedFile('start', attempt, start) }),
    }
    const folder = `models/${card.version}`
    await store.put(`${folder}/${sealed.tensors.file}`, tensors)
    if (start) await store.put(`${folder}/${sealed.start!.file}`, start)
    return sealed
  }

  return {
    card,
    find,
    list,
    promote,
    promoteIfNew,
    async publish({ report, ...parts }, unsealed, attempt = 1) {
      const { version } = unsealed
      if (await find(version)) {
        await promoteIfNew(version)
        return false
      }
      const sealed = await write(unsealed, parts, attempt)
      await store.put(reportKeyOf(sealed), [
        Buffer.from(JSON.stringify(reportSchema.parse(report))),
      ])
      const isFirst = await store.putIfAbsent(`models/${version}/card.json`, [jsonOf(sealed)])
      if (!isFirst)
        for (const file of filesOf(sealed)) await store.remove(`models/${version}/${file}`)
      await promoteIfNew(version)
      return isFirst
    },
    async start({ version, start }) {
      const bytes = start ? await store.get(`models/${version}/${start.file}`) : null
      return bytes && hashOf(bytes) === start?.sha256 ? bytes : null
    },
    async tensors({ version, tensors }) {
      const bytes = await store.get(`models/${version}/${tensors.file}`)
      if (!bytes) throw damagedModel(version, 'is missing')
      if (bytes.length !== tensors.sizeBytes)
        throw damagedModel(version, `has ${bytes.length} bytes, its card says ${tensors.sizeBytes}`)
      return bytes
    },
    async openTensors({ version, tensors }) {
      const bytes = await store.open(`models/${version}/${tensors.file}`)
      if (!bytes) throw damagedModel(version, 'is missing')
      return bytes
    },
    async report(version) {
      const bytes = await store.get(reportKeyOf(await card(version)))
      if (!bytes) throw new MarqueeError('not-found', `Model ${version} has no report.`)
      return readJson(bytes, reportSchema, `the report of model ${version}`)
    },
    async current() {
      return (await pointer())?.version ?? null
    },
    async wanted() {
      const now = await pointer()
      const renewal = await store.get(renewalKey)
      return now && now.version + (renewal ? `.${Buffer.from(renewal)}` : '')
    },
    async rewrite(version, parts) {
      const { revision = 0, ...old } = await card(version)
      const changed = { ...old, revision: revision + 1 }
      const rewritten = await write(changed, parts, firstRewriting + revision)
      const report = await store.get(reportKeyOf(old))
      if (report) await store.put(reportKeyOf(rewritten), [report])
      // Pruned meanwhile: a card would be of nothing.
      await store.putIfPresent(`models/${version}/card.json`, [jsonOf(rewritten)])
    },
    renew: () => store.put(renewalKey, [Buffer.from(randomBytes(8).toString('hex'))]),
    async rollback() {
      const { version, earlier } = await previous()
      await point({ version, earlier })
      return version
    },
    async rollbackTarget() {
      return (await previous()).version
    },
    async prune(keep) {
      const serving = await pointer()
      const experiment = await runningExperiment(store)
      const used = [serving?.version, experiment?.control, experiment?.treatment]
      for (const { version } of (await list()).slice(keep)) {
        if (used.includes(version)) continue
        // The card goes first: without it the rest is no model.
        await store.remove(`models/${version}/card.json`)
        for (const key of await store.list(`models/${version}/`)) await store.remove(key)
      }
    },
  }
}

function readJson<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema, what: string) {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')))
  } catch (error) {
    throw new MarqueeError('invalid-model', `Not readable: ${what}.`, { cause: error })
  }
}
