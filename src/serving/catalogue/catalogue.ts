import type { LivePosition } from '../../live/live-event.ts'
import { linksOf, type Movie } from '../../model/data/movie.ts'
import { textAt } from '../../model/data/text-column.ts'
import { Vocabulary } from '../../model/data/vocabulary.ts'
import { forEachIn, isIn } from '../../numeric/search/bit-set.ts'
import { decodeTexts, encodeTexts } from '../text-cursor.ts'
import { type CatalogueTable, comparePlaces, type Place, placeOf } from './catalogue-table.ts'
import { displayTitle } from './display-title.ts'
import { foldText } from './fold-text.ts'

export type MovieSearch = {
  /** Every word of it must occur in the title, in any order. */
  title?: string | undefined
  /** Any of them. */
  genres?: readonly string[] | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  n: number
}
/** A movie with its title as people write it. */
export type ListedMovie = Movie & { readonly displayTitle: string }
export type MoviePage = { items: readonly ListedMovie[]; nextCursor: string | null }

/** A genre as it was first written, and how many movies have it. */
export type GenreCount = { readonly genre: string; readonly movies: number }

/** The movies that were imported, apart from any model; immutable. */
export type Catalogue = {
  readonly table: CatalogueTable
  readonly version: string
  /** Up to which event of each epoch it has what was told of movies. */
  readonly told: readonly LivePosition[]
  /** How many movies there are. */
  readonly size: number
  /** The movie in a row of the table; made when it is first asked for. */
  movieAt(row: number): ListedMovie
  /** The movie, or null when the catalogue does not have it. */
  find(movieId: string): ListedMovie | null
  /** All genres of movies that are not hidden, those of most movies first, then by name. */
  genres(): GenreCount[]
  /** Whether lists are not to show the movie. */
  isHidden(movieId: string): boolean
  /**
   * One page by title, then id, without the movies that are left out; an `invalid-request` error
   * for a cursor that is none.
   */
  search(query: MovieSearch, isLeftOut?: (movieId: string) => boolean): MoviePage
}

/** Opens tabulated movies for look-ups and searches; nothing is computed here. */
export function openCatalogue(table: CatalogueTable, told: Catalogue['told'] = []): Catalogue {
  const { ids, titles, genres, years, foldedTitles, rowsOfGenre, hidden, order, version } = table
  const vocabulary = new Vocabulary(ids)
  const isHiddenRow = (row: number) => hidden !== null && isIn(hidden, row)
  const made: ListedMovie[] = []
  const make = (row: number): ListedMovie => {
    const joined = textAt(genres, row)
    const title = textAt(titles, row)
    return {
      movieId: vocabulary.idOf(row),
      title,
      displayTitle: displayTitle(title),
      year: years[row] || null,
      genres: joined === '' ? [] : joined.split('|'),
      ...linksOf({ imdbId: textAt(table.imdbIds, row), tmdbId: textAt(table.tmdbIds, row) }),
    }
  }
  const movieAt = (row: number): ListedMovie => {
    made[row] ??= make(row)
    return made[row]
  }
  /** The rank of the first row behind the place (bisection). */
  const firstAfter = (place: Place): number => {
    let low = 0
    let high = order.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (comparePlaces(placeOf(table, order[middle]!), place) > 0) high = middle
      else low = middle + 1
    }
    return low
  }
  /** Whether a row has all of the words in its title and any of the genres. */
  const matcher = (title = '', names?: readonly string[]): ((row: number) => boolean) => {
    const words = wordsOf(title)
    const wanted = names?.flatMap((name) => rowsOfGenre.get(foldText(name)) ?? [])
    return (row) =>
      (!wanted || wanted.some((rows) => isIn(rows, row))) &&
      words.every((word) => textAt(foldedTitles, row).includes(word))
  }

  return {
    table,
    version,
    told,
    size: vocabulary.size,
    movieAt,
    find(movieId) {
      const row = vocabulary.indexOf(movieId)
      return row < 0 ? null : movieAt(row)
    },
    genres: () => countGenres(table),
    isHidden(movieId) {
      const row = vocabulary.indexOf(movieId)
      return row >= 0 && isHiddenRow(row)
    },
    search({ title, genres: names, cursor, n }, isLeftOut) {
      const after = cursor === undefined ? null : decodeCursor(cursor)
      const matches = matcher(title, names)
      const page: number[] = []
      let hasMore = false
      for (let rank = after ? firstAfter(after) : 0; rank < order.length && !hasMore; rank++) {
        if (
          isHiddenRow(order[rank]!) ||
          !matches(order[rank]!) ||
          isLeftOut?.(vocabulary.idOf(order[rank]!))
        )
          continue
        hasMore = page.length === n
        if (!hasMore) page.push(order[rank]!)
      }
      return {
        items: page.map(movieAt),
        nextCursor: hasMore ? encodeCursor(placeOf(table, page.at(-1)!)) : null,
      }
    },
  }
}

function countGenres({ genreNames, rowsOfGenre, hidden }: CatalogueTable): GenreCount[] {
  return [...rowsOfGenre]
    .map(([folded, rows]) => {
      let movies = 0
      forEachIn(rows, (row) => {
        if (!hidden || !isIn(hidden, row)) movies += 1
      })
      return { genre: genreNames.get(folded) ?? folded, movies }
    })
    .filter(({ movies }) => movies > 0)
    .sort(compareGenres)
}

/** Negative where the first has more movies, or as many and the earlier name. */
export function compareGenres(a: GenreCount, b: GenreCount): number {
  return b.movies - a.movies || (a.genre < b.genre ? -1 : 1)
}

/** The words of a search as they are compared. */
export function wordsOf(title: string): string[] {
  return foldText(title)
    .split(/\s+/)
    .filter((word) => word !== '')
}

export function encodeCursor({ title, movieId }: Place): string {
  return encodeTexts([title, movieId])
}

export function decodeCursor(cursor: string): Place {
  const [title, movieId] = decodeTexts(cursor, 2) as [string, string]
  return { title, movieId }
}
