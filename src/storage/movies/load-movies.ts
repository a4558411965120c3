import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentNames, versionOf } from '../segments/segment-names.ts'
import { decodeMovies, type StoredMovie } from './movies-segment.ts'

/** The bytes of a segment of movies, and its key in the store. */
export type MoviesSegment = { readonly bytes: Uint8Array; readonly key: string }

/** All stored movies in order of first import, each as last imported; none, and "empty", before. */
export async function loadMovies(
  store: ObjectStore,
): Promise<{ movies: StoredMovie[]; version: string }> {
  const { segments, version } = await loadMoviesSegments(store)
  return { movies: moviesOf(segments), version }
}

/** Every segment of movies as it is stored, in order of import, for `moviesOf`. */
export function loadMoviesSegments(
  store: ObjectStore,
): Promise<{ segments: MoviesSegment[]; version: string }> {
  return loadSegments(store, 'movies', (bytes, key) => ({ bytes, key }))
}

/** The movies of some segments, each as it stands in the last, without those that are gone; errors as of `decodeMovies`. */
export function moviesOf(segments: readonly MoviesSegment[]): StoredMovie[] {
  const latest = new Map<string, StoredMovie>()
  for (const { bytes, key } of segments)
    for (const { isGone, ...movie } of decodeMovies(bytes, key))
      if (isGone) latest.delete(movie.movieId)
      else latest.set(movie.movieId, movie)
  return [...latest.values()]
}

/** The version that `loadMovies` would give, without reading a movie. */
export async function movieVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'movies'))
}
