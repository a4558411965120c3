import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from 'pino'
import { MarqueeError } from '../errors.ts'
import { compileKernels } from '../numeric/kernels/kernels.ts'
import type { ModelRegistry } from '../storage/model-registry.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import type { Damage } from '../storage/segments/load-segments.ts'
import { type Catalogue, openCatalogue } from './catalogue/catalogue.ts'
import { catalogueTable } from './catalogue/catalogue-table.ts'
import { ImportFollower } from './live/import-follower.ts'
import { LiveOverlay } from './live/live-overlay.ts'
import { createEditor, withLive } from './live/with-live.ts'
import { catalogueSource } from './load/catalogue-source.ts'
import { Follower, type Refusal } from './load/follower.ts'
import { joinedOf, loadModel } from './load/load-snapshot.ts'
import type { ServedModel } from './load/served-model.ts'
import { tryMovies } from './load/try-movies.ts'
import type { Snapshot, StoredSnapshot } from './snapshot.ts'
import { createTaskRunner } from './thread/task-runner.ts'

export type ServingStatus = {
  /** The version that serves, or null before the first. */
  model: string | null
  /** Why the wanted model does not serve; null when it does. */
  refusal: Refusal | null
  /** Why the newest catalogue does not serve; null when it does. */
  catalogueRefusal: Refusal | null
  /** Segments that the catalogue lacks. */
  damaged: readonly Damage[]
}

/** Gives the snapshot that answers a user, or whoever is no user. */
export type Snapshots = (userId?: string) => Snapshot

/** The answer path's state: one model and one catalogue, swapped whole. */
export type Serving = {
  /**
   * The snapshot that requests answer from, of a user that of their arm while an experiment runs; a
   * `no-model` error before the first model.
   */
  snapshot(userId?: string): Snapshot
  /** The same for many users, all as of now. */
  snapshots(): Snapshots
  /** The snapshot, or null before the first model. */
  findSnapshot(): Snapshot | null
  /** The movies; empty before the first import. */
  catalogue(): Catalogue
  status(): ServingStatus
  /** Makes what a segment of movies would make and drops it; an `import-refused` error says why not. */
  tryMovies(segment: Uint8Array): Promise<void>
  /** Takes what is told while the service runs; the next answers count it. */
  readonly live: LiveOverlay
  /** Looks for a new model and catalogue now. */
  refresh(): Promise<void>
  /** Looks now for imports of ratings that are new, or were taken back; resolves once that counts. */
  refreshRatings(): Promise<void>
  /**
   * Checks the version, makes it the one that is wanted and serves it before it resolves; `by` is the
   * key that asked for it.
   */
  promote(version: string, by?: string | null): Promise<void>
  /** Returns to the model that served before and serves it before it resolves. */
  rollback(by?: string | null): Promise<void>
  close(): Promise<void>
}

/** Who takes an import back waits at most so long for it to count no more. */
const undoneMs = 3_000

/** The catalogue before the first import of movies. */
const noMovies = openCatalogue(catalogueTable([], 'empty'))

/** Loads what there is and follows the store from then on; damaged files never make it throw. */
export async function openServing(options: {
  store: ObjectStore
  registry: ModelRegistry
  pollMs: number
  logger: Logger
}): Promise<Serving> {
  const { store, registry, pollMs, logger } = options
  /**
   * Threads for models and movies of the store, for ratings of its imports, for what an import would
   * bring, which may end its thread, and for what is long for a request: none waits for another.
   */
  const loading = createTaskRunner()
  const reading = createTaskRunner()
  const trying = createTaskRunner()
  const tasks = createTaskRunner()
  let served: ServedModel | null = null
  let catalogue = noMovies
  const live = new LiveOverlay()
  const edit = createEditor(live)
  let stored: StoredSnapshot | null = null
  let snapshot: Snapshot | null = null
  /** Made anew when the model, the catalogue, the imports or what is told of movies is another. */
  const current = (): Snapshot | null => {
    if (!stored) return snapshot
    const isSame = snapshot?.live === live.view && snapshot?.imports === live.imports
    if (!isSame || snapshot?.catalogue !== edit(stored.catalogue))
      snapshot = withLive(stored, live, edit, snapshot)
    return snapshot
  }
  const imports = new ImportFollower(
    store,
    reading,
    live,
    () => stored && (stored.card.data.newestImport ?? ''),
    logger,
  )
  let last: Promise<void> = Promise.resolve()
  /** What changes the snapshot, or copies the overlay, one after the other. */
  const inTurn = (next: () => Promise<void>): Promise<void> => {
    last = last.then(next, next)
    return last
  }
  live.onStored = () => inTurn(() => imports.giveAgain())
  /** Joins what is newest as it begins: so the last is of the newest two. */
  const join = () =>
    inTurn(async () => {
      if (!served) return
      const model = served
      const next = await joinedOf(model, catalogue, loading, tasks)
      const swap = () => {
        stored = next
        snapshot = null
      }
      if (stored?.model === model.model) swap()
      else await live.serve(model, swap)
    })
  const kernels = await compileKernels().catch((err: unknown) => {
    logger.warn({ err }, 'No SIMD kernels here: every list scores all movies, slowly.')
    return null
  })

  const models = new Follower<ServedModel>(
    {
      what: 'model',
      wanted: () => registry.wanted(),
      load: (name) => loadModel(registry, kernels, loading, versionIn(name)),
      async others() {
        const cards = await registry.list()
        // One that the gate has refused is better than none.
        const meant = cards.filter(({ promotion }) => promotion?.promoted !== false)
        return [...new Set([...meant, ...cards])].map(({ version }) => version)
      },
    },
    logger,
    (next) => {
      served = next
      return join()
    },
  )
  const emptyVersion = noMovies.version
  const catalogues = catalogueSource(store, loading, { emptyVersion, logger })
  const movies = new Follower<Catalogue>(catalogues, logger, (next) => {
    catalogue = next
    return join()
  })
  let look: Promise<void> | null = null
  const refreshRatings = async () => {
    // A look that has not begun is as good as another.
    look ??= inTurn(() => {
      look = null
      return imports.look()
    }).catch((err: unknown) => logger.error({ err }, 'The imports cannot be looked for.'))
    await look
    await Promise.race([imports.undone, wait(undoneMs, undefined, { ref: false })])
  }
  const refresh = async () => {
    await Promise.all([movies.refresh(), models.refresh()])
  }
  await refresh()
  await refreshRatings()
  for (const follower of [movies, models]) follower.poll(pollMs)
  const polling = setInterval(() => void refreshRatings(), pollMs).unref()

  const snapshotNow = () => {
    const found = current()
    if (found) return found
    throw noModel(models.refusal)
  }

  return {
    findSnapshot: current,
    snapshot: snapshotNow,
    snapshots() {
      const now = snapshotNow()
      return () => now
    },
    catalogue: () => edit(catalogue),
    live,
    status: () => ({
      model: models.version && versionIn(models.version),
      refusal: models.refusal && {
        ...models.refusal,
        version: models.refusal.version && versionIn(models.refusal.version),
      },
      catalogueRefusal: movies.refusal,
      damaged: catalogues.damaged(),
    }),
    tryMovies(segment) {
      const model = served
      return tryMovies({ store, tasks: trying }, segment, catalogue, async (made) => {
        if (model) await joinedOf(model, made, trying, trying)
      })
    },
    refresh,
    refreshRatings,
    async promote(version, by) {
      await models.prepare(version)
      await registry.promote(version, by)
      await models.refresh()
    },
    async rollback(by) {
      // Like promote: what cannot be served is refused before anything has changed.
      await models.prepare(await registry.rollbackTarget())
      await registry.rollback(by)
      await models.refresh()
    },
    async close() {
      clearInterval(polling)
      await Promise.all([movies.close(), models.close()])
      await last.catch(() => {})
      await Promise.all([loading, reading, trying, tasks].map((each) => each.close()))
    },
  }
}

/** The version in the name of what is wanted, which says, too, how often models were rewritten. */
function versionIn(name: string): string {
  return name.replace(/\..*/, '')
}

function noModel(refusal: Refusal | null): MarqueeError {
  return new MarqueeError(
    'no-model',
    refusal
      ? `No published model can serve. ${refusal.reason}`
      : 'Import ratings and start a training job; answers come once it has ended.',
  )
}
