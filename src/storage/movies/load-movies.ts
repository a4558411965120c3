import { linksOf, type MovieLinks } from '../../model/data/movie.ts'
import type { ObjectStore } from '../object-store.ts'
import { type Damage, loadSegments, reasonOf } from '../segments/load-segments.ts'
import { liveRangeOf, segmentName, segmentNames, versionOf } from '../segments/segment-names.ts'
import { decodeMovies, type StoredMovie, type ToldMovie } from './movies-segment.ts'

/** The bytes of a segment of movies, and its key in the store. */
export type MoviesSegment = { readonly bytes: Uint8Array; readonly key: string }

/** All stored movies in order of first import, each as last imported; none, and "empty", before. */
export async function loadMovies(
  store: ObjectStore,
): Promise<{ movies: StoredMovie[]; version: string; damaged: readonly Damage[] }> {
  const { segments, version } = await loadMoviesSegments(store)
  const { movies, damaged } = moviesOf(segments)
  return { movies, version, damaged }
}

/** Every segment of movies as it is stored, in order of import, for `moviesOf`. */
export function loadMoviesSegments(
  store: ObjectStore,
): Promise<{ segments: MoviesSegment[]; version: string }> {
  return loadSegments(store, 'movies', (bytes, key) => ({ bytes, key }))
}

/** What some segments say of movies. */
export type MoviesRead = {
  /** As they stand in the last, with the links that were told of them, without those that are gone. */
  readonly movies: StoredMovie[]
  /** The ids of movies that were told of one by one while the service ran, gone ones too. */
  readonly toldIds: string[]
  /** Segments that cannot be read and are left out. */
  readonly damaged: readonly Damage[]
}

/** The movies of some segments. */
export function moviesOf(segments: readonly MoviesSegment[]): MoviesRead {
  const latest = new Map<string, StoredMovie>()
  const links = new Map<string, MovieLinks>()
  const toldIds = new Set<string>()
  const damaged: Damage[] = []
  const take = ({ isGone, isLinks, ...movie }: ToldMovie) => {
    const { movieId } = movie
    const known = latest.get(movieId)
    const told = { ...links.get(movieId), ...linksOf(movie) }
    links.set(movieId, told)
    if (isGone) latest.delete(movieId)
    else if (!isLinks) latest.set(movieId, { ...movie, ...told })
    else if (known) latest.set(movieId, { ...known, ...told })
  }
  for (const { bytes, key } of segments)
    try {
      const isTold = liveRangeOf(segmentName(key)) !== null
      for (const movie of decodeMovies(bytes, key)) {
        take(movie)
        if (isTold) toldIds.add(movie.movieId)
      }
    } catch (error) {
      damaged.push({ key, reason: reasonOf(error) })
    }
  return { movies: [...latest.values()], toldIds: [...toldIds], damaged }
}

/** The version that `loadMovies` would give, without reading a movie. */
export async function movieVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'movies'))
}
