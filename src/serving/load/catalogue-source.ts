import { createHash } from 'node:crypto'
import type { Logger } from 'pino'
import { movieVersionOf } from '../../storage/movies/load-movies.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import type { Damage } from '../../storage/segments/load-segments.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { TaskRunner } from '../thread/task-runner.ts'
import type { Source } from './follower.ts'
import { loadCatalogue } from './load-snapshot.ts'

/** The movies of a store; damaged segments are left out and looked at again once they change. */
export type CatalogueSource = Source<Catalogue> & {
  /** Segments that the catalogue lacks that was loaded last. */
  damaged(): readonly Damage[]
}

/** The source of catalogues; of the version `emptyVersion` there is none to load. */
export function catalogueSource(
  store: ObjectStore,
  loading: TaskRunner,
  { emptyVersion, logger }: { emptyVersion: string; logger: Logger },
): CatalogueSource {
  let damaged: readonly Damage[] = []
  return {
    what: 'catalogue',
    damaged: () => damaged,
    async wanted() {
      const version = await movieVersionOf(store)
      if (version === emptyVersion) return null
      const facts = await Promise.all(damaged.map(({ key }) => store.stat(key)))
      return damaged.length === 0
        ? version
        : `${version}.${hashOf(facts.map((one) => one?.stamp ?? null))}`
    },
    async load() {
      const loaded = await loadCatalogue(store, loading)
      const known = new Set(damaged.map(({ key }) => key))
      for (const { key, reason } of loaded.damaged)
        if (!known.has(key)) logger.error({ key, reason }, 'A segment is damaged and left out.')
      damaged = loaded.damaged
      return loaded.catalogue
    },
    others: async () => [],
  }
}

function hashOf(stamps: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(stamps)).digest('hex').slice(0, 8)
}
