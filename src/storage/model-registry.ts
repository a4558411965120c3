import { randomBytes } from 'node:crypto'
import { isDamage, MarqueeError } from '../errors.ts'
import { isPublishedBefore, type ModelCard, versionPattern } from '../model/card.ts'
import { type ModelReport, reportSchema } from '../model/report.ts'
import { openBatches } from './batches/batches.ts'
import { runningExperiment } from './experiments/experiments.ts'
import { cardIn, filesOf, jsonOf, reportKeyOf, sealedFile } from './model-files.ts'
import type { ObjectStore, StoredBytes } from './object-store.ts'
import { createModelPointer, type ModelPointer } from './pointer/model-pointer.ts'
import { readJson } from './read-json.ts'
import { damagedModel, hashOf, verifyStream } from './verify-tensors.ts'

/**
 * Published models:
 *
 *   models/<version>/model.safetensors   written first; a second attempt at the same job writes
 *                                        model-2.safetensors, so that no attempt can touch the bytes
 *                                        of another
 *   models/<version>/start.safetensors   what later trainings may start from, numbered in the same
 *                                        way; not of earlier releases
 *   models/<version>/report.json         written next, and numbered in the same way
 *   models/<version>/card.json           written last and never over another: the one commit. It has
 *                                        the hashes of those above and a seal of its own; of earlier
 *                                        releases neither seal nor the report's hash
 *   models/current.json, pointer/        which version serves and which served before, by whom that
 *                                        was changed, and whether it is to stay
 *   models/renewal                       a text that is another one after a model was rewritten
 *
 * A model that is rewritten, because users are to go, keeps its version: its files get numbers from
 * 1001 on, then the card names them, then the renewal tells that something has changed.
 */
export type ModelRegistry = Pick<ModelPointer, 'promote' | 'rollback' | 'rollbackTarget'> & {
  /**
   * Writes the tensors, the report, then the card, then makes the version the one that serves,
   * unless the card says that it is not to.
   * False when another attempt (counted from 1) had published this version: then that one stands.
   */
  publish(files: ModelFiles, card: UnsealedCard, attempt?: number): Promise<boolean>
  /**
   * Makes a published version the one that serves, where its card says so, unless it has served
   * before, somebody has returned to an older model by hand, or an experiment runs.
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
  /** The same bytes, verified, to be read in parts; an `invalid-model` error where they cannot be. */
  openTensors(card: ModelCard): Promise<StoredBytes>
  /** The report of its training; an `unknown-model`, `not-found` or `invalid-model` error. */
  report(version: string): Promise<ModelReport>
  /** The version that is to serve, or null before the first model. */
  current(): Promise<string | null>
  /** The same with all that is known of it. */
  pointer: ModelPointer['read']
  rewritePointer: ModelPointer['rewrite']
  /** The name of what is to serve: the version and, after any was rewritten, the newest renewal. */
  wanted(): Promise<string | null>
  /** The vectors that a training may start from; null where the model keeps none that are whole. */
  start(card: ModelCard): Promise<Uint8Array | null>
  /** Puts other tensors in place of a version's, unless it is gone. */
  rewrite(version: string, files: Omit<ModelFiles, 'report'>): Promise<void>
  /** Makes those that follow the pointer load what it names anew. */
  renew(): Promise<void>
  /**
   * Removes all but the newest `keep` versions, what serves, what a rollback returns to, and those of
   * an experiment and of batches that are being made.
   */
  prune(keep: number): Promise<void>
}

/** The files of a model besides its card: the parts of its tensors and of its start; the report. */
export type ModelFiles = {
  readonly tensors: readonly Uint8Array[]
  readonly start?: readonly Uint8Array[] | undefined
  readonly report: ModelReport
}

/** A card before its bytes are counted and hashed. */
export type UnsealedCard = Omit<ModelCard, 'tensors' | 'start' | 'report' | 'sequence'>

/** Not in the pointer, so that whoever renews takes no promotion back. */
const renewalKey = 'models/renewal'
const firstRewriting = 1_001

/** The registry over a store; all its state is in the store. */
export function createModelRegistry(store: ObjectStore): ModelRegistry {
  const find = async (version: string): Promise<ModelCard | null> => {
    if (!versionPattern.test(version)) return null
    const bytes = await store.get(`models/${version}/card.json`)
    return bytes && cardIn(bytes, version)
  }
  /** One damaged card must not hide the other models. */
  const findReadable = async (version: string) => {
    try {
      return await find(version)
    } catch (error) {
      if (isDamage(error)) return null
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
      .sort((a, b) => (isPublishedBefore(a, b) ? 1 : -1))
  }
  const pointer = createModelPointer(store, { find, findReadable, list })
  const promoteIfNew = async (version: string) => {
    const { promotion } = await card(version)
    if (promotion?.promoted === false || (await runningExperiment(store))) return
    await pointer.promoteTrained(version, promotion?.askedBy ?? null)
  }

  /** Writes tensors, start and report; gives the card that names them. */
  const write = async (
    { start: _, report: __, ...card }: UnsealedCard & Partial<ModelCard>,
    { tensors, start, report }: Omit<ModelFiles, 'report'> & { report: Uint8Array | null },
    attempt: number,
  ): Promise<ModelCard> => {
    const files = { tensors, ...(start && { start }), ...(report && { report: [report] }) }
    const sealed: ModelCard = {
      ...card,
      tensors: sealedFile('model', attempt, tensors),
      ...(start && { start: sealedFile('start', attempt, start) }),
      ...(report && { report: sealedFile('report', attempt, [report]) }),
    }
    for (const [name, parts] of Object.entries(files))
      await store.put(`models/${card.version}/${sealed[name as keyof typeof files]!.file}`, parts)
    return sealed
  }

  return {
    card,
    find,
    list,
    promoteIfNew,
    pointer: pointer.read,
    rewritePointer: pointer.rewrite,
    promote: pointer.promote,
    rollback: pointer.rollback,
    rollbackTarget: pointer.rollbackTarget,
    async publish({ report, ...parts }, unsealed, attempt = 1) {
      const { version } = unsealed
      if (await find(version)) {
        await promoteIfNew(version)
        return false
      }
      const json = Buffer.from(JSON.stringify(reportSchema.parse(report)))
      const numbers = (await list()).map(({ sequence = 0 }) => sequence)
      const numbered = { ...unsealed, sequence: 1 + Math.max(0, ...numbers) }
      const sealed = await write(numbered, { ...parts, report: json }, attempt)
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
      try {
        await verifyStream({ version, tensors }, bytes)
        return bytes
      } catch (error) {
        await bytes.close()
        throw error
      }
    },
    async report(version) {
      const found = await card(version)
      const bytes = await store.get(reportKeyOf(found))
      if (!bytes) throw new MarqueeError('not-found', `Model ${version} has no report.`)
      if (found.report && hashOf(bytes) !== found.report.sha256)
        throw damagedModel(version, 'does not have the SHA-256 of its card', found.report.file)
      return readJson(bytes, reportSchema, `the report of model ${version}`)
    },
    async current() {
      return (await pointer.read())?.version ?? null
    },
    async wanted() {
      const now = await pointer.read()
      const renewal = await store.get(renewalKey)
      return now && now.version + (renewal ? `.${Buffer.from(renewal)}` : '')
    },
    async rewrite(version, parts) {
      const { revision = 0, ...old } = await card(version)
      const changed = { ...old, revision: revision + 1 }
      const found = await store.get(reportKeyOf(old))
      // Of a damaged one it would be said from then on that it is whole.
      const isWhole = found && (!old.report || hashOf(found) === old.report.sha256)
      const report = isWhole ? found : null
      const rewritten = await write(changed, { ...parts, report }, firstRewriting + revision)
      // Pruned meanwhile: a card would be of nothing.
      await store.putIfPresent(`models/${version}/card.json`, [jsonOf(rewritten)])
    },
    renew: () => store.put(renewalKey, [Buffer.from(randomBytes(8).toString('hex'))]),
    async prune(keep) {
      const serving = await pointer.read()
      const experiment = await runningExperiment(store)
      const cards = await list()
      const earlier = serving?.earlier.find((old) => cards.some(({ version }) => version === old))
      const used = [
        ...[serving?.version, earlier, experiment?.control, experiment?.treatment],
        ...(await openBatches(store).models()),
      ]
      for (const { version } of cards.slice(keep)) {
        if (used.includes(version)) continue
        // The card goes first: without it the rest is no model.
        await store.remove(`models/${version}/card.json`)
        for (const key of await store.list(`models/${version}/`)) await store.remove(key)
      }
    },
  }
}
