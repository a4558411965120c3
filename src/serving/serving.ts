import type { Logger } from 'pino'
import { MarqueeError } from '../errors.ts'
import { compileKernels } from '../numeric/kernels/kernels.ts'
import type { ModelRegistry } from '../storage/model-registry.ts'
import { loadMoviesSegments, movieVersionOf } from '../storage/movies/load-movies.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { marksOf } from '../storage/segments/live-marks.ts'
import { segmentName } from '../storage/segments/segment-names.ts'
import { type Catalogue, openCatalogue } from './catalogue/catalogue.ts'
import { catalogueTable } from './catalogue/catalogue-table.ts'
import { LiveOverlay } from './live/live-overlay.ts'
import { createEditor, withLive } from './live/with-live.ts'
import { Follower, type Refusal } from './load/follower.ts'
import { openServedModel, type ServedModel } from './load/served-model.ts'
import { movieSideOf } from './new-movies/movie-priors.ts'
import type { Snapshot, StoredSnapshot } from './snapshot.ts'
import { createTaskRunner, type TaskRunner } from './thread/task-runner.ts'

export type ServingStatus = {
  /** The version that serves, or null before the first. */
  model: string | null
  /** Why the wanted model does not serve; null when it does. */
  refusal: Refusal | null
  /** Why the newest catalogue does not serve; null when it does. */
  catalogueRefusal: Refusal | null
}

/** The answer path's state: one model and one catalogue, swapped whole. */
export type Serving = {
  /** The snapshot that requests answer from; a `no-model` error before the first model. */
  snapshot(): Snapshot
  /** The snapshot, or null before the first model. */
  findSnapshot(): Snapshot | null
  /** The movies; empty before the first import. */
  catalogue(): Catalogue
  status(): ServingStatus
  /** Takes what is told while the service runs; the next answers count it. */
  readonly live: LiveOverlay
  /** Looks for a new model and catalogue now. */
  refresh(): Promise<void>
  /**
   * Checks the version, makes it the one that is wanted and serves it before it resolves; `by` is the
   * key that asked for it.
   */
  promote(version: string, by?: string | null): Promise<void>
  /** Returns to the model that served before and serves it before it resolves. */
  rollback(by?: string | null): Promise<void>
  close(): Promise<void>
}

/** Rough costs of making ready; small models and catalogues are not worth a thread. */
const operationsPerByte = 20
const operationsPerMovie = 200

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
   * Threads for what the store brings, and for what is long for a request: neither waits for the
   * other.
   */
  const loading = createTaskRunner()
  const tasks = createTaskRunner()
  let served: ServedModel | null = null
  let catalogue = noMovies
  const live = new LiveOverlay()
  const edit = createEditor(live)
  let stored: StoredSnapshot | null = null
  let snapshot: Snapshot | null = null
  /** Made anew when the model, the catalogue or what is told of movies is another. */
  const current = (): Snapshot | null => {
    if (stored && (snapshot?.live !== live.view || snapshot?.catalogue !== edit(stored.catalogue)))
      snapshot = withLive(stored, live, edit, snapshot)
    return snapshot
  }
  let joined: Promise<void> = Promise.resolve()
  /** One after the other, each of what is newest as it begins: so the last is of the newest two. */
  const join = () => {
    const next = async () => {
      if (!served) return
      const model = served
      const next = await joinedOf(model, catalogue, loading, tasks)
      const swap = () => {
        stored = next
        snapshot = null
      }
      if (stored?.model === model.model) swap()
      else await live.serve(model, swap)
    }
    joined = joined.then(next, next)
    return joined
  }
  const kernels = await compileKernels().catch((err: unknown) => {
    logger.warn({ err }, 'No SIMD kernels here: every list scores all movies, slowly.')
    return null
  })

  const models = new Follower<ServedModel>(
    {
      what: 'model',
      wanted: () => registry.wanted(),
      load: (name) => loadModel(registry, kernels, loading, versionIn(name)),
      others: async () => (await registry.list()).map(({ version }) => version),
    },
    logger,
    (next) => {
      served = next
      return join()
    },
  )
  const movies = new Follower<Catalogue>(
    {
      what: 'catalogue',
      wanted: async () => {
        const version = await movieVersionOf(store)
        return version === noMovies.version ? null : version
      },
      load: () => loadCatalogue(store, loading),
      others: async () => [],
    },
    logger,
    (next) => {
      catalogue = next
      return join()
    },
  )
  const refresh = async () => {
    await Promise.all([movies.refresh(), models.refresh()])
  }
  await refresh()
  for (const follower of [movies, models]) follower.poll(pollMs)

  return {
    findSnapshot: current,
    snapshot() {
      const found = current()
      if (found) return found
      throw noModel(models.refusal)
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
    }),
    refresh,
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
      await Promise.all([movies.close(), models.close()])
      await Promise.all([loading.close(), tasks.close()])
    },
  }
}

/**
 * Loads and checks a published model whole; an `invalid-model` error says what is wrong with it.
 */
async function loadModel(
  registry: ModelRegistry,
  kernels: WebAssembly.Module | null,
  loading: TaskRunner,
  version: string,
): Promise<ServedModel> {
  const card = await registry.card(version)
  const bytes = await registry.tensors(card)
  const { tensors, spec } = card
  const operations = operationsPerByte * bytes.length
  const seal = { version, tensors }
  const hasKernels = kernels !== null
  const input = [bytes, seal, spec.ranking, hasKernels] as const
  return openServedModel(card, await loading.run('prepareModel', operations, ...input), kernels)
}

/** Loads the newest movies; an `internal` error says which segment is damaged. */
async function loadCatalogue(store: ObjectStore, loading: TaskRunner): Promise<Catalogue> {
  const { segments, version } = await loadMoviesSegments(store)
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes.length, 0)
  const operations = operationsPerByte * bytes
  const told = marksOf(segments.map(({ key }) => segmentName(key)))
  return openCatalogue(await loading.run('prepareCatalogue', operations, segments, version), told)
}

async function joinedOf(
  served: ServedModel,
  catalogue: Catalogue,
  loading: TaskRunner,
  tasks: TaskRunner,
): Promise<StoredSnapshot> {
  const { ids, genres, years, rowsOfGenre, hidden } = catalogue.table
  const movies = served.model.movies.table
  const operations = operationsPerMovie * (served.model.movies.size + catalogue.size)
  const joined = await loading.run('joinCatalogue', operations, movies, {
    ...{ ids, years, rowsOfGenre, hidden },
  })
  const side = movieSideOf(served.model)
  const { rowOfMovie } = joined
  const priors = [side, served.statistics.ratings, rowOfMovie, { genres, years }] as const
  const moviePriors = await loading.run('fitMoviePriors', operations, ...priors)
  return { ...served, ...joined, version: served.card.version, catalogue, moviePriors, tasks }
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
