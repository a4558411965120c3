import { isDamage, MarqueeError } from '../../errors.ts'
import type { ModelCard } from '../../model/card.ts'
import { decodeModel } from '../../model/file/model-file.ts'
import { filesOf, jsonOf, sealedFile } from '../model-files.ts'
import { createModelRegistry, type ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { readPointer } from '../pointer/pointer-file.ts'
import { verifyTensors } from '../verify-tensors.ts'
import type { Finding } from './finding.ts'
import { quarantine } from './quarantine.ts'

/** A publication writes its card seconds after the bytes. */
const unfinishedMs = 3_600_000

/** What is wrong with the models of a store, and with the pointer to the one that serves. */
export async function* checkModels(store: ObjectStore): AsyncGenerator<Finding> {
  const registry = createModelRegistry(store)
  const whole = new Set<string>()
  for (const [version, keys] of await keysByVersion(store)) {
    const damage = await modelDamage(registry, version)
    if (damage !== null) {
      const key = `models/${version}/`
      yield {
        ...{ kind: 'damaged', key, what: damage, remedy: 'moved to quarantine/' },
        async repair() {
          // The card goes first: without it the rest is no model.
          for (const one of keys.toSorted(cardFirst)) await quarantine(store, one)
        },
      }
      continue
    }
    const card = await registry.find(version)
    if (card) {
      whole.add(version)
      yield* checkBeside(store, registry, card)
    }
    yield* checkLeftovers(store, keys, card)
  }
  yield* checkPointer(store, registry, whole)
}

/** What publications that died before their card have left, of models whose card, if any, is whole. */
export async function* unfinishedFiles(store: ObjectStore): AsyncGenerator<Finding> {
  const registry = createModelRegistry(store)
  for (const [version, keys] of await keysByVersion(store)) {
    const card = await registry.find(version).catch(() => undefined)
    if (card !== undefined) yield* checkLeftovers(store, keys, card)
  }
}

/** Why a model cannot serve; null where it can, or where there is none of that version. */
export async function modelDamage(
  registry: ModelRegistry,
  version: string,
): Promise<string | null> {
  try {
    const card = await registry.find(version)
    if (card === null) return null
    const bytes = await registry.tensors(card)
    verifyTensors(card, bytes)
    decodeModel(bytes)
    return null
  } catch (error) {
    return sentenceOf(error)
  }
}

async function reportDamage(registry: ModelRegistry, version: string): Promise<string | null> {
  try {
    await registry.report(version)
    return null
  } catch (error) {
    // Of a card that names it, a missing report is damage too.
    if (error instanceof MarqueeError && error.code === 'not-found') return error.message
    return sentenceOf(error)
  }
}

/** Report and start, without which a model serves, and the seal. */
async function* checkBeside(
  store: ObjectStore,
  registry: ModelRegistry,
  card: ModelCard,
): AsyncGenerator<Finding> {
  const { version, report, start, ...rest } = card
  const folder = `models/${version}/`
  const kept: ModelCard = { version, ...rest, ...(report && { report }), ...(start && { start }) }
  const rewrite = (changed: ModelCard) => store.put(`${folder}card.json`, [jsonOf(changed)])
  const damage = await reportDamage(registry, version)
  const file = report?.file ?? filesOf(card)[1]!
  if (damage !== null && (report || (await store.stat(folder + file)))) {
    yield {
      ...{ kind: 'damaged', key: folder + file, what: damage, remedy: 'moved to quarantine/' },
      async repair() {
        delete kept.report
        await rewrite(kept)
        await quarantine(store, folder + file)
      },
    }
  }
  if (start && (await registry.start(card)) === null) {
    const key = folder + start.file
    yield {
      ...{ kind: 'damaged', key, remedy: 'moved to quarantine/' },
      what: `The vectors that trainings may start from model ${version} are not those of its card.`,
      async repair() {
        delete kept.start
        await rewrite(kept)
        await quarantine(store, key)
      },
    }
  }
  if (card.sequence === undefined)
    yield {
      ...{ kind: 'unsealed', key: `${folder}card.json`, remedy: 'sealed' },
      what: 'It is of an earlier release: a changed byte would not show.',
      async repair() {
        const bytes = damage === null ? await store.get(folder + file) : null
        if (bytes) kept.report = sealedFile('report', attemptOf(file), [bytes])
        await rewrite({ ...kept, sequence: 0 })
      },
    }
}

/** Files that no card names, once they are old: until then a publication may be under way. */
async function* checkLeftovers(
  store: ObjectStore,
  keys: readonly string[],
  card: ModelCard | null,
): AsyncGenerator<Finding> {
  const named = card ? ['card.json', ...filesOf(card)] : []
  for (const key of keys) {
    if (named.includes(key.slice(key.lastIndexOf('/') + 1))) continue
    const age = await ageOf(store, key)
    if (age !== null && age > unfinishedMs)
      yield {
        ...{ kind: 'unfinished', key, what: 'No card names it.', remedy: 'removed' },
        repair: () => store.remove(key),
      }
  }
}

async function* checkPointer(
  store: ObjectStore,
  registry: ModelRegistry,
  whole: ReadonlySet<string>,
): AsyncGenerator<Finding> {
  const { pointer, damage } = await readPointer(store)
  const key = 'models/current.json'
  const serving = pointer?.version ?? (await registry.current())
  const newest = (await registry.list()).find(
    ({ version, promotion }) => whole.has(version) && promotion?.promoted !== false,
  )?.version
  if (damage.length > 0)
    yield {
      ...{ kind: 'damaged', key, what: damage.join(' '), remedy: 'written anew' },
      repair: () => registry.rewritePointer(),
    }
  if (serving !== null && !whole.has(serving))
    yield {
      ...{ kind: 'lost', key, what: `It names model ${serving}, which is not there whole.` },
      remedy: newest ? `moved to ${newest}` : 'none: train a model',
      async repair() {
        if (newest) await registry.promote(newest, 'check')
      },
    }
}

async function keysByVersion(store: ObjectStore): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const key of await store.list('models/')) {
    const version = /^models\/([^/]+)\//.exec(key)?.[1]
    if (version !== undefined) found.set(version, [...(found.get(version) ?? []), key])
  }
  return found
}

async function ageOf(store: ObjectStore, key: string): Promise<number | null> {
  const ms = (await store.stat(key))?.changedMs
  return ms === undefined ? null : Date.now() - ms
}

/** The number of the attempt that wrote a file. */
function attemptOf(file: string): number {
  return Number(/-(\d+)\./.exec(file)?.[1] ?? 1)
}

function cardFirst(a: string, b: string): number {
  return Number(b.endsWith('/card.json')) - Number(a.endsWith('/card.json'))
}

function sentenceOf(error: unknown): string {
  if (isDamage(error)) return error.message
  throw error
}
