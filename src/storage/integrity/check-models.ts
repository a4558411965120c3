import { isDamage } from '../../errors.ts'
import { type ModelCard, versionPattern } from '../../model/card.ts'
import { filesOf, sealedFile } from '../model-files.ts'
import { createModelRegistry, type ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { checkPointer } from './check-pointer.ts'
import type { Finding } from './finding.ts'
import { lookAtModel, type ModelLook, type StoredCard } from './model-look.ts'
import { quarantine } from './quarantine.ts'

/** A publication writes its card seconds after the bytes. */
const unfinishedMs = 3_600_000

/** What is wrong with the models of a store, and with the pointer to the one that serves. */
export async function* checkModels(store: ObjectStore): AsyncGenerator<Finding> {
  const registry = createModelRegistry(store)
  for (const [version, keys] of await keysByVersion(store))
    yield* checkModel(store, registry, version, keys)
  yield* checkPointer(store, registry)
}

/**
 * What publications that died before their card have left, where none has come to a card or a later
 * attempt has.
 */
export async function* unfinishedFiles(store: ObjectStore): AsyncGenerator<Finding> {
  const registry = createModelRegistry(store)
  for (const [version, keys] of await keysByVersion(store)) {
    const files = keys.filter(isOfPublication)
    if (!keys.some((key) => key.endsWith('/card.json'))) yield* checkLeftovers(store, files, null)
    else {
      const card = await cardOf(registry, version)
      const published = card ? attemptOf(card.tensors.file) : 0
      yield* checkLeftovers(
        store,
        files.filter((key) => attemptOf(key) < published),
        card,
      )
    }
  }
}

/** Null where it cannot be read, or is gone. */
async function cardOf(registry: ModelRegistry, version: string): Promise<ModelCard | null> {
  try {
    return await registry.find(version)
  } catch (error) {
    if (isDamage(error)) return null
    throw error
  }
}

/** What is wrong with a model, as its card was when it was looked at. */
async function* checkModel(
  store: ObjectStore,
  registry: ModelRegistry,
  version: string,
  keys: readonly string[],
): AsyncGenerator<Finding> {
  const { stored, card, damage, ...rest } = await lookAtModel(store, registry, version)
  if (damage !== null) {
    yield {
      ...{ kind: 'damaged', key: `models/${version}/`, what: damage },
      remedy: 'moved to quarantine/',
      async repair() {
        if (!(await stored.isSame())) return false
        // The card goes first: without it the rest is no model.
        for (const one of keys.toSorted(cardFirst)) await quarantine(store, one)
        return true
      },
    }
    return
  }
  if (card) yield* checkBeside(store, stored, card, rest)
  yield* checkLeftovers(store, keys, card)
}

/** Report and start, without which a model serves, and the seal. */
async function* checkBeside(
  store: ObjectStore,
  stored: StoredCard,
  card: ModelCard,
  { reportDamage, isStartLost }: Pick<ModelLook, 'reportDamage' | 'isStartLost'>,
): AsyncGenerator<Finding> {
  const { version, report, start, ...rest } = card
  const folder = `models/${version}/`
  const kept: ModelCard = { version, ...rest, ...(report && { report }), ...(start && { start }) }
  const without = async (member: 'report' | 'start', key: string) => {
    delete kept[member]
    if (!(await stored.replace(kept))) return false
    await quarantine(store, key)
    return true
  }
  const file = report?.file ?? filesOf(card)[1]!
  if (reportDamage !== null && (report || (await store.stat(folder + file))))
    yield {
      ...{
        kind: 'damaged',
        key: folder + file,
        what: reportDamage,
        remedy: 'moved to quarantine/',
      },
      repair: () => without('report', folder + file),
    }
  if (start && isStartLost) {
    const key = folder + start.file
    yield {
      ...{ kind: 'damaged', key, remedy: 'moved to quarantine/' },
      what: `The vectors that trainings may start from model ${version} are not those of its card.`,
      repair: () => without('start', key),
    }
  }
  if (card.sequence === undefined)
    yield {
      ...{ kind: 'unsealed', key: `${folder}card.json`, remedy: 'sealed' },
      what: 'It is of an earlier release: a changed byte would not show.',
      async repair() {
        const bytes = reportDamage === null ? await store.get(folder + file) : null
        if (bytes) kept.report = sealedFile('report', attemptOf(file), [bytes])
        return stored.replace({ ...kept, sequence: 0 })
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

/** The keys of each version; what people have put beside, such as a copy `v1.bak`, is not touched. */
export async function keysByVersion(store: ObjectStore): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>()
  for (const key of await store.list('models/')) {
    const version = /^models\/([^/]+)\/[^/]+$/.exec(key)?.[1]
    if (version !== undefined && versionPattern.test(version))
      found.set(version, [...(found.get(version) ?? []), key])
  }
  return found
}

function isOfPublication(key: string): boolean {
  return /\/((model|start)(-\d+)?\.safetensors|report(-\d+)?\.json)$/.test(key)
}

async function ageOf(store: ObjectStore, key: string): Promise<number | null> {
  const ms = (await store.stat(key))?.changedMs
  return ms === undefined ? null : Date.now() - ms
}

/** The number of the attempt that wrote a file. */
function attemptOf(file: string): number {
  return Number(/-(\d+)\.[a-z]+$/.exec(file)?.[1] ?? 1)
}

function cardFirst(a: string, b: string): number {
  return Number(b.endsWith('/card.json')) - Number(a.endsWith('/card.json'))
}
