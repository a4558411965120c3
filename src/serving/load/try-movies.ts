import { MarqueeError } from '../../errors.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { isStoreFault } from '../../storage/store-fault.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { TaskRunner } from '../thread/task-runner.ts'
import { loadCatalogue } from './load-snapshot.ts'

/** Of all movies: a file alone may name as many. */
const mostGenres = 10_000

/**
 * Makes the catalogue that a segment of movies would make with all others and drops it, in the
 * runner's thread where that is long; an `import-refused` error says why it could not serve.
 * `join` makes of it what requests are answered from.
 */
export async function tryMovies(
  { store, tasks }: { store: ObjectStore; tasks: TaskRunner },
  segment: Uint8Array,
  now: Catalogue,
  join: (catalogue: Catalogue) => Promise<unknown>,
): Promise<void> {
  try {
    const { catalogue } = await loadCatalogue(store, tasks, [{ bytes: segment, key: 'movies/new' }])
    const genres = catalogue.table.genreNames.size
    if (genres > mostGenres && genres > now.table.genreNames.size)
      throw refused(`all movies would have ${genres} genres, at most ${mostGenres} are taken`)
    await join(catalogue)
  } catch (error) {
    if (isStoreFault(error)) throw error
    if (error instanceof MarqueeError && error.code === 'import-refused') throw error
    throw refused(error instanceof Error ? error.message.replace(/\.$/, '') : 'a fault', error)
  }
}

function refused(why: string, cause?: unknown): MarqueeError {
  const message = `The catalogue with these movies could not serve: ${why}. Nothing was stored.`
  return new MarqueeError('import-refused', message, { cause })
}
