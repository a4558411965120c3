import { linksOf, type MovieLinks } from '../../model/data/movie.ts'
import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { liveRangeOf, segmentName, segmentNames, versionOf } from '../segments/segment-names.ts'
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

/**
 * The movies of some segments, each as it stands in the last, with the links that were told of it,
 * without those that are gone; errors as of `decodeMovies`.
 */
export function moviesOf(segments: readonly MoviesSegment[]): StoredMovie[] {
  const latest = new Map<string, StoredMovie>()
  const links = new Map<string, MovieLinks>()
  for (const { bytes, key } of segments)
    for (const { isGone, isLinks, ...movie } of decodeMovies(bytes, key)) {
      const { movieId } = movie
      const known = latest.get(movieId)
      const told = { ...links.get(movieId), ...linksOf(movie) }
      links.set(movieId, told)
      if (isGone) latest.delete(movieId)
      else if (!isLinks) latest.set(movieId, { ...movie, ...told })
      else if (known) latest.set(movieId, { ...known, ...told })
    }
  return [...latest.values()]
}

/** The ids of movies that were told of one by one while the service ran, gone ones too. */
export function toldMovieIds(segments: readonly MoviesSegment[]): string[] {
  const told = segments.filter(({ key }) => liveRangeOf(segmentName(key)))
  const ids = told.flatMap(({ bytes, key }) => decodeMovies(bytes, key).map((one) => one.movieId))
  return [...new Set(ids)]
}

/** The version that `loadMovies` would give, without reading a movie. */
export async function movieVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'movies'))
}
