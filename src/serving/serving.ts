import type { Logger } from 'pino'
import { MarqueeError } from '../errors.ts'
import { compileKernels } from '../numeric/kernels/kernels.ts'
import type { ModelRegistry } from '../storage/model-registry.ts'
import { loadMovies, movieVersionOf } from '../storage/movies/load-movies.ts'
import type { ObjectStore } from '../storage/object-store.ts'
import { type Catalogue, catalogueSteps, createCatalogue } from './catalogue.ts'
import { inBackground } from './in-slices.ts'
import { Follower, type Refusal } from './load/follower.ts'
import { loadServedModel, type ServedModel } from './load/served-model.ts'
import { type Snapshot, snapshotSteps } from './snapshot.ts'

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
  /** What a request answers from; a `no-model` error before the first model. */
  snapshot(): Snapshot
  /** The same, or null before the first model. */
  findSnapshot(): Snapshot | null
  /** The movies; empty before the first import. */
  catalogue(): Catalogue
  status(): ServingStatus
  /** Looks for a new model and catalogue now. */
  refresh(): Promise<void>
  /** Checks the version, makes it the one that is wanted and serves it before it resolves. */
  promote(version: string): Promise<void>
  /** Returns to the model that served before and serves it before it resolves. */
  rollback(): Promise<void>
  close(): Promise<void>
}

/** What serves before the first import of movies. */
const noMovies = createCatalogue([], 'empty')

/** Loads what there is and follows the store from then on; damaged files never make it throw. */
export async function openServing(options: {
  store: ObjectStore
  registry: ModelRegistry
  pollMs: number
  logger: Logger
}): Promise<Serving> {
  const { store, registry, pollMs, logger } = options
  let served: ServedModel | null = null
  let catalogue = noMovies
  let snapshot: Snapshot | null = null
  let joined: Promise<void> = Promise.resolve()
  /** One after the other, each of what is newest as it begins: so the last is of the newest two. */
  const join = () => {
    const next = async () => {
      if (served) snapshot = await inBackground(snapshotSteps(served, catalogue))
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
      wanted: () => registry.current(),
      load: (version) => loadServedModel(registry, kernels, version),
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
      load: async () => {
        const { movies, version } = await loadMovies(store, inBackground)
        return inBackground(catalogueSteps(movies, version))
      },
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
    findSnapshot: () => snapshot,
    snapshot() {
      if (snapshot) return snapshot
      throw noModel(models.refusal)
    },
    catalogue: () => catalogue,
    status: () => ({
      model: models.version,
      refusal: models.refusal,
      catalogueRefusal: movies.refusal,
    }),
    refresh,
    async promote(version) {
      await models.prepare(version)
      await registry.promote(version)
      await models.refresh()
    },
    async rollback() {
      // Like promote: what cannot be served is refused before anything has changed.
      await models.prepare(await registry.rollbackTarget())
      await registry.rollback()
      await models.refresh()
    },
    async close() {
      await Promise.all([movies.close(), models.close()])
    },
  }
}

function noModel(refusal: Refusal | null): MarqueeError {
  return new MarqueeError(
    'no-model',
    refusal
      ? `No published model can serve. ${refusal.reason}`
      : 'Import ratings and start a training job; answers come once it has ended.',
  )
}
