import type { LivePosition } from '../../live/live-event.ts'
import type { ModelCard } from '../../model/card.ts'
import { compileKernels } from '../../numeric/kernels/kernels.ts'
import { inSharedMemory } from '../../numeric/parallel/shared-memory.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { openCatalogue } from '../catalogue/catalogue.ts'
import type { CatalogueTable } from '../catalogue/catalogue-table.ts'
import type { CatalogueJoin } from '../catalogue/join-catalogue.ts'
import { joinedOf, loadCatalogue, loadPrepared } from '../load/load-snapshot.ts'
import type { PreparedModel } from '../load/prepared-model.ts'
import { openServedModel } from '../load/served-model.ts'
import type { MoviePriors } from '../new-movies/movie-priors.ts'
import type { StoredSnapshot } from '../snapshot.ts'
import { createTaskRunner, inPlace } from '../thread/task-runner.ts'

/** All of a stored snapshot that can be handed to threads, which copy none of its arrays. */
export type BatchModel = {
  readonly card: ModelCard
  readonly prepared: PreparedModel
  /** Null where there is no SIMD. */
  readonly kernels: WebAssembly.Module | null
  readonly catalogue: { readonly table: CatalogueTable; readonly told: readonly LivePosition[] }
  readonly join: CatalogueJoin
  readonly moviePriors: MoviePriors
}

/** Loads a model and the catalogue for so many threads; errors as of `loadModel`. */
export async function loadBatchModel(
  store: ObjectStore,
  registry: ModelRegistry,
  version: string,
  threads: number,
): Promise<BatchModel> {
  const loading = createTaskRunner()
  try {
    const kernels = await compileKernels().catch(() => null)
    const searchers = kernels ? threads : 0
    const { card, prepared } = await loadPrepared(registry, loading, version, searchers)
    const { catalogue } = await loadCatalogue(store, loading)
    const served = openServedModel(card, prepared, kernels)
    const { rowOfMovie, years, genreCounts, moviesOfGenre, hidden, moviePriors } = await joinedOf(
      ...[served, catalogue, loading, inPlace],
    )
    const { table, told } = catalogue
    return {
      ...{ card, kernels, prepared: inSharedMemory(prepared) },
      catalogue: inSharedMemory({ table, told }),
      join: inSharedMemory({ rowOfMovie, years, genreCounts, moviesOfGenre, hidden }),
      moviePriors: inSharedMemory(moviePriors),
    }
  } finally {
    await loading.close()
  }
}

/** Opens it in one of its threads; they are numbered from 0. */
export function openBatchModel(
  { card, prepared, kernels, catalogue, join, moviePriors }: BatchModel,
  thread: number,
): StoredSnapshot {
  return {
    ...openServedModel(card, prepared, kernels, thread),
    ...join,
    ...{ version: card.version, moviePriors, tasks: inPlace },
    catalogue: openCatalogue(catalogue.table, catalogue.told),
  }
}
