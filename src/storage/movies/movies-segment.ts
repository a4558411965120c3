import type { Movie } from '../../model/data/movie.ts'
import { textsOf } from '../../model/data/text-column.ts'
import { decodeText, encodeText, type Tensor } from '../../model/file/safetensors.ts'
import type { ObjectStore } from '../object-store.ts'
import { column, type Notes, openTensors, sealTensors } from '../segments/sealed-tensors.ts'
import { type LiveRange, putLiveSegment, putSegment } from '../segments/segment-names.ts'

/** A movie as it was told; a gone one is known no more, whatever was stored before. */
export type ToldMovie = StoredMovie & { readonly isGone?: boolean }
/** A movie of the store, of which lists may not show some. */
export type StoredMovie = Movie & { readonly isHidden?: boolean }

const isHiddenBit = 1
const isGoneBit = 2

const textColumns = ['ids', 'titles', 'genres'] as const

/**
 * A segment of movies is a sealed tensor file with these tensors:
 *
 *   year                               I16 [movies], 0 when not known
 *   ids, titles, genres: .offsets      U32 [movies + 1]
 *                        .bytes        U8, UTF-8; the genres of a movie with "|" between them
 *   flags                              U8 [movies], where they were told: 1 hidden, 2 gone
 */
export function encodeMovies(movies: readonly ToldMovie[], notes: Notes = {}): Uint8Array[] {
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
      ...flagsOf(movies),
      ...textColumns.flatMap((name) => [
        [`${name}.offsets`, texts[name].offsets] as const,
        [`${name}.bytes`, texts[name].bytes] as const,
      ]),
    ]),
    notes,
  )
}

function flagsOf(movies: readonly ToldMovie[]): [string, Tensor][] {
  if (!movies.some(({ isHidden, isGone }) => isHidden || isGone)) return []
  const flags = movies.map(
    ({ isHidden, isGone }) => (isHidden ? isHiddenBit : 0) | (isGone ? isGoneBit : 0),
  )
  return [['flags', { shape: [flags.length], data: Uint8Array.from(flags) }]]
}

/** The movies of a segment, in order; an `internal` error when it is damaged. */
export function decodeMovies(bytes: Uint8Array, key: string): ToldMovie[] {
  const tensors = openTensors('marquee-movies', bytes, key)
  const years = column(tensors, 'year', Int16Array, key)
  const flags = tensors.has('flags')
    ? column(tensors, 'flags', Uint8Array, key, years.length)
    : new Uint8Array(years.length)
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
    ...(flags[i]! & isHiddenBit && { isHidden: true }),
    ...(flags[i]! & isGoneBit && { isGone: true }),
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

/** Stores movies that were told, the last at that time; gives the segment's name. */
export function putLiveMovies(
  store: ObjectStore,
  movies: readonly ToldMovie[],
  range: LiveRange,
  toldMs: number,
): Promise<string> {
  return putLiveSegment(store, 'movies', range, toldMs, encodeMovies(movies))
}
