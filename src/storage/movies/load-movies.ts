import type { Movie } from '../../model/movie.ts'
import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentNames, versionOf } from '../segments/segment-names.ts'
import { decodeMovies } from './movies-segment.ts'

/** All stored movies in order of first import, each as last imported; none, and "empty", before. */
export async function loadMovies(
  store: ObjectStore,
): Promise<{ movies: Movie[]; version: string }> {
  const { segments, version } = await loadSegments(store, 'movies', decodeMovies)
  const latest = new Map<string, Movie>()
  for (const segment of segments) for (const movie of segment) latest.set(movie.movieId, movie)
  return { movies: [...latest.values()], version }
}

/** The version that `loadMovies` would give, without reading a movie. */
export async function movieVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'movies'))
}
