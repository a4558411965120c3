import type { Movie } from '../../model/data/movie.ts'
import { decodeTextSteps, encodeText } from '../../model/file/safetensors.ts'
import type { ObjectStore } from '../object-store.ts'
import { column, damaged, openTensors, sealTensors } from '../segments/sealed-tensors.ts'
import { putSegment } from '../segments/segment-names.ts'

const textColumns = ['ids', 'titles', 'genres'] as const
const moviesInStep = 256

/**
 * A segment of movies is a sealed tensor file with these tensors:
 *
 *   year                               I16 [movies], 0 when not known
 *   ids, titles, genres: .offsets      U32 [movies + 1]
 *                        .bytes        U8, UTF-8; the genres of a movie with "|" between them
 */
export function encodeMovies(movies: readonly Movie[]): Uint8Array[] {
  const texts = {
    ids: encodeText(movies.map((movie) => movie.movieId)),
    titles: encodeText(movies.map((movie) => movie.title)),
    genres: encodeText(movies.map((movie) => movie.genres.join('|'))),
  }
  const year = Int16Array.from(movies, (movie) => movie.year ?? 0)
  return sealTensors(
    'marquee-movies',
    new Map([
      ['year', { shape: [year.length], data: year }],
      ...textColumns.flatMap((name) => [
        [`${name}.offsets`, texts[name].offsets] as const,
        [`${name}.bytes`, texts[name].bytes] as const,
      ]),
    ]),
  )
}

/** The movies of a segment, in order and in steps; an `internal` error when it is damaged. */
export function* decodeMoviesSteps(bytes: Uint8Array, key: string): Generator<void, Movie[]> {
  const tensors = openTensors('marquee-movies', bytes, key)
  const year = column(tensors, 'year', Int16Array, key)
  const textsOf = (name: (typeof textColumns)[number]) =>
    decodeTextSteps(
      column(tensors, `${name}.offsets`, Uint32Array, key, year.length + 1),
      column(tensors, `${name}.bytes`, Uint8Array, key),
    )
  const ids = yield* textsOf('ids')
  const titles = yield* textsOf('titles')
  const genres = yield* textsOf('genres')
  const movies: Movie[] = []
  for (const [i, movieId] of ids.entries()) {
    const [title, joined] = [titles[i], genres[i]]
    if (title === undefined || joined === undefined) throw damaged(key, 'It has too few titles.')
    const names = joined === '' ? [] : joined.split('|')
    movies.push({ movieId, title, year: year[i] || null, genres: names })
    if (i % moviesInStep === 0) yield
  }
  return movies
}

/** Stores movies as the newest segment, visible whole or not at all, and gives its name. */
export function putMovies(store: ObjectStore, movies: readonly Movie[]): Promise<string> {
  return putSegment(store, 'movies', encodeMovies(movies))
}
