import type { Movie } from '../../model/data/movie.ts'
import { textColumn, textsOf } from '../../model/data/text-column.ts'
import type { Tensor } from '../../model/file/safetensors.ts'
import { encodeText } from '../../model/file/text-tensors.ts'
import type { ObjectStore } from '../object-store.ts'
import { column, type Notes, openTensors, sealTensors, texts } from '../segments/sealed-tensors.ts'
import { type LiveRange, putLiveSegment } from '../segments/segment-names.ts'

/**
 * A movie as it was told; a gone one is known no more, whatever was stored before; of one with
 * links alone, nothing else is told.
 */
export type ToldMovie = StoredMovie & { readonly isGone?: boolean; readonly isLinks?: boolean }
/** A movie of the store, of which lists may not show some. */
export type StoredMovie = Movie & { readonly isHidden?: boolean }

const isHiddenBit = 1
const isGoneBit = 2
const isLinksBit = 4

const textColumns = ['ids', 'titles', 'genres'] as const
const linkColumns = ['imdbId', 'tmdbId'] as const

/**
 * A segment of movies is a sealed tensor file with these tensors:
 *
 *   year                               I16 [movies], 0 when not known
 *   ids, titles, genres: .offsets      U32 [movies + 1]
 *                        .bytes        U8, UTF-8; the genres of a movie with "|" between them
 *   flags                              U8 [movies], where they were told: 1 hidden, 2 gone, 4 only links
 *   imdbId, tmdbId, as ids             where any movie has one; empty where not known
 */
export function encodeMovies(movies: readonly ToldMovie[], notes: Notes = {}): Uint8Array[] {
  const columns = {
    ids: encodeText(textColumn(movies.map((movie) => movie.movieId))),
    titles: encodeText(textColumn(movies.map((movie) => movie.title))),
    genres: encodeText(textColumn(movies.map((movie) => movie.genres.join('|')))),
  }
  const year = Int16Array.from(movies, (movie) => movie.year ?? 0)
  return sealTensors(
    'marquee-movies',
    new Map([
      ['year', { shape: [year.length], data: year }],
      ...flagsOf(movies),
      ...linkTensors(movies),
      ...textColumns.flatMap((name) => [
        [`${name}.offsets`, columns[name].offsets] as const,
        [`${name}.bytes`, columns[name].bytes] as const,
      ]),
    ]),
    notes,
  )
}

function flagsOf(movies: readonly ToldMovie[]): [string, Tensor][] {
  if (!movies.some(({ isHidden, isGone, isLinks }) => isHidden || isGone || isLinks)) return []
  const flags = movies.map(
    ({ isHidden, isGone, isLinks }) =>
      (isHidden ? isHiddenBit : 0) | (isGone ? isGoneBit : 0) | (isLinks ? isLinksBit : 0),
  )
  return [['flags', { shape: [flags.length], data: Uint8Array.from(flags) }]]
}

function linkTensors(movies: readonly ToldMovie[]): [string, Tensor][] {
  return linkColumns.flatMap((name): [string, Tensor][] => {
    if (!movies.some((movie) => movie[name])) return []
    const { offsets, bytes } = encodeText(textColumn(movies.map((movie) => movie[name] ?? '')))
    return [
      [`${name}.offsets`, offsets],
      [`${name}.bytes`, bytes],
    ]
  })
}

/** The movies of a segment, in order; a `damaged-segment` error says why not. */
export function decodeMovies(bytes: Uint8Array, key: string): ToldMovie[] {
  const tensors = openTensors('marquee-movies', bytes, key)
  const years = column(tensors, 'year', Int16Array, key)
  const flags = tensors.has('flags')
    ? column(tensors, 'flags', Uint8Array, key, years.length)
    : new Uint8Array(years.length)
  const textsIn = (name: string) => textsOf(texts(tensors, name, key, years.length))
  const [ids, titles, genres] = textColumns.map(textsIn) as [string[], string[], string[]]
  const [imdbIds, tmdbIds] = linkColumns.map((name) =>
    tensors.has(`${name}.offsets`) ? textsIn(name) : [],
  )
  return Array.from(years, (year, i) => ({
    movieId: ids[i]!,
    title: titles[i]!,
    year: year || null,
    genres: genres[i] === '' ? [] : genres[i]!.split('|'),
    ...(flags[i]! & isHiddenBit && { isHidden: true }),
    ...(flags[i]! & isGoneBit && { isGone: true }),
    ...(flags[i]! & isLinksBit && { isLinks: true }),
    ...(imdbIds?.[i] && { imdbId: imdbIds[i] }),
    ...(tmdbIds?.[i] && { tmdbId: tmdbIds[i] }),
  }))
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
