import type { ModelRegistry } from '../model-registry.ts'
import type { ObjectStore } from '../object-store.ts'
import { readPointer } from '../pointer/pointer-file.ts'
import type { Finding } from './finding.ts'
import { lookAtModel } from './model-look.ts'

/** What is wrong with the pointer to the model that serves. */
export async function* checkPointer(
  store: ObjectStore,
  registry: ModelRegistry,
): AsyncGenerator<Finding> {
  const { damage } = await readPointer(store)
  const key = 'models/current.json'
  if (damage.length > 0)
    yield {
      ...{ kind: 'damaged', key, what: damage.join(' '), remedy: 'written anew' },
      repair: () => registry.rewritePointer(),
    }
  const lost = await lostVersion(store, registry)
  if (lost === null) return
  const newest = await newestWhole(store, registry)
  yield {
    ...{ kind: 'lost', key, what: `It names model ${lost}, which is not there whole.` },
    remedy: newest ? `moved to ${newest}` : 'none: train a model',
    async repair() {
      // Another may have been published, or promoted, meanwhile.
      if ((await lostVersion(store, registry)) !== lost) return false
      if (newest) await registry.promote(newest, 'check')
      return true
    },
  }
}

/** What is to serve, where that is not there whole. */
async function lostVersion(store: ObjectStore, registry: ModelRegistry): Promise<string | null> {
  for (;;) {
    const serving = await registry.current()
    if (serving === null || (await isWhole(store, registry, serving))) return null
    // Moved meanwhile, what served may have been pruned.
    if ((await registry.current()) === serving) return serving
  }
}

async function newestWhole(store: ObjectStore, registry: ModelRegistry): Promise<string | null> {
  for (const { version, promotion } of await registry.list())
    if (promotion?.promoted !== false && (await isWhole(store, registry, version))) return version
  return null
}

async function isWhole(
  store: ObjectStore,
  registry: ModelRegistry,
  version: string,
): Promise<boolean> {
  const { card } = await lookAtModel(store, registry, version)
  return card !== null
}
