import type { Movie } from '../../model/data/movie.ts'
import { textsOf } from '../../model/data/text-column.ts'
import { decodeText, encodeText } from '../../model/file/safetensors.ts'
import type { ObjectStore } from '../object-store.ts'
import { column, type Notes, openTensors, sealTensors } from '../segments/sealed-tensors.ts'
import { putSegment } from '../segments/segment-names.ts'

const textColumns = ['ids', 'titles', 'genres'] as const

/**
 * A segment of movies is a sealed tensor file with these tensors:
 *
 *   year                               I16 [movies], 0 when not known
 *   ids, titles, genres: .offsets      U32 [movies + 1]
 *                        .bytes        U8, UTF-8; the genres of a movie with "|" between them
 */
export function encodeMovies(movies: readonly Movie[], notes: Notes = {}): Uint8Array[] {
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
    notes,
  )
}

/** The movies of a segment, in order; an `internal` error when it is damaged. */
export function decodeMovies(bytes: Uint8Array, key: string): Movie[] {
  const tensors = openTensors('marquee-movies', bytes, key)
  const years = column(tensors, 'year', Int16Array, key)
  const [ids, titles, genres] = textColumns.map((name) =>
    textsOf(
      decodeText(
        column(tensors, `${name}.offsets`, Uint32Array, key, years.length + 1),
        column(tensors, `${name}.bytes`, Uint8Array, key),
      ),
    ),
  ) as [string[], string[], string[]]
  return Array.from(years, (year, i) => ({
    movieId: ids[i]!,
    title: titles[i]!,
    year: year || null,
    genres: genres[i] === '' ? [] : genres[i]!.split('|'),
  }))
}

/** Stores movies as the newest segment, visible whole or not at all, and gives its name. */
export function putMovies(
  store: ObjectStore,
  movies: readonly Movie[],
  notes?: Notes,
): Promise<string> {
  return putSegment(store, 'movies', encodeMovies(movies, notes))
}
