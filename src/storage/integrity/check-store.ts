import { rm } from 'node:fs/promises'
import { relative } from 'node:path'
import type { ObjectStore } from '../object-store.ts'
import { createStore, folderOf, type StoreSettings } from '../open-store.ts'
import { checkModels } from './check-models.ts'
import { checkSegments } from './check-segments.ts'
import type { Finding } from './finding.ts'
import { leftovers } from './leftovers.ts'

/** A job that still runs writes a checkpoint every some seconds. */
const deadJobMs = 7 * 24 * 3_600_000

/**
 * Walks the store and says, one after the other, what is not as it should be. Others may
 * use it meanwhile. Nothing changes unless a finding is repaired.
 */
export async function* checkStore(
  settings: StoreSettings,
  uploads?: string,
): AsyncGenerator<Finding> {
  const store = createStore(settings)
  const root = folderOf(settings)
  for await (const { path, what } of leftovers(root, uploads)) {
    const inStore = root === null ? path : relative(root, path)
    yield {
      ...{ kind: 'unfinished', what, remedy: 'removed' },
      key: inStore.startsWith('..') ? path : inStore,
      repair: () => rm(path, { recursive: true, force: true }),
    }
  }
  yield* checkSegments(store)
  yield* checkModels(store)
  yield* checkCheckpoints(store)
}

async function* checkCheckpoints(store: ObjectStore): AsyncGenerator<Finding> {
  for (const key of await store.list('checkpoints/')) {
    const facts = await store.stat(key)
    if (facts && Date.now() - facts.changedMs > deadJobMs)
      yield {
        ...{ kind: 'orphaned', key, remedy: 'removed' },
        what: 'Its job has written nothing for a week.',
        repair: () => store.remove(key),
      }
  }
}
