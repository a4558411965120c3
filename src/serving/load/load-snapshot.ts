import type { ModelCard } from '../../model/card.ts'
import type { ModelRegistry } from '../../storage/model-registry.ts'
import { loadMoviesSegments, type MoviesSegment } from '../../storage/movies/load-movies.ts'
import type { ObjectStore } from '../../storage/object-store.ts'
import { marksOf } from '../../storage/segments/live-marks.ts'
import type { Damage } from '../../storage/segments/load-segments.ts'
import { segmentName } from '../../storage/segments/segment-names.ts'
import { type Catalogue, openCatalogue } from '../catalogue/catalogue.ts'
import { movieSideOf } from '../new-movies/movie-priors.ts'
import type { StoredSnapshot } from '../snapshot.ts'
import type { TaskRunner } from '../thread/task-runner.ts'
import type { PreparedModel } from './prepared-model.ts'
import { openServedModel, type ServedModel } from './served-model.ts'

/** Rough costs of making ready; small models and catalogues are not worth a thread. */
const operationsPerByte = 20
const operationsPerMovie = 200

/**
 * Loads and checks a published model whole; an `invalid-model` error says what is wrong with it.
 */
export async function loadModel(
  registry: ModelRegistry,
  kernels: WebAssembly.Module | null,
  loading: TaskRunner,
  version: string,
): Promise<ServedModel> {
  const { card, prepared } = await loadPrepared(registry, loading, version, kernels ? 1 : 0)
  return openServedModel(card, prepared, kernels)
}

/** The same before it is opened, for so many threads that search at once; 0 where none can. */
export async function loadPrepared(
  registry: ModelRegistry,
  loading: TaskRunner,
  version: string,
  searchers: number,
): Promise<{ card: ModelCard; prepared: PreparedModel }> {
  const card = await registry.card(version)
  const bytes = await registry.tensors(card)
  const { tensors, spec } = card
  const operations = operationsPerByte * bytes.length
  const input = [bytes, { version, tensors }, spec.ranking, searchers] as const
  return { card, prepared: await loading.run('prepareModel', operations, ...input) }
}

/** Loads the newest movies, and further segments; damaged ones are left out and named. */
export async function loadCatalogue(
  store: ObjectStore,
  loading: TaskRunner,
  more: readonly MoviesSegment[] = [],
): Promise<{ catalogue: Catalogue; damaged: readonly Damage[] }> {
  const { segments: stored, version } = await loadMoviesSegments(store)
  const segments = [...stored, ...more]
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes.length, 0)
  const operations = operationsPerByte * bytes
  const told = marksOf(segments.map(({ key }) => segmentName(key)))
  const prepared = await loading.run('prepareCatalogue', operations, segments, version)
  return { catalogue: openCatalogue(prepared.table, told), damaged: prepared.damaged }
}

export async function joinedOf(
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
