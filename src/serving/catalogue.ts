import { MarqueeError } from '../errors.ts'
import type { Movie } from '../model/data/movie.ts'
import { sortedIndicesSteps } from '../numeric/search/merge-sort.ts'
import { finish } from '../numeric/steps.ts'
import { foldText } from './fold-text.ts'

export type MovieSearch = {
  /** Every word of it must occur in the title, in any order. */
  title?: string | undefined
  /** Any of them. */
  genres?: readonly string[] | undefined
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined
  limit: number
}
export type MoviePage = { items: readonly Movie[]; nextCursor: string | null }

/** What is known of movies apart from any model; immutable. */
export type Catalogue = {
  readonly version: string
  readonly size: number
  /** The movie, or null when the catalogue does not have it. */
  find(movieId: string): Movie | null
  /** One page by title, then id; an `invalid-request` error for a cursor that is none. */
  search(query: MovieSearch): MoviePage
}

const moviesInStep = 256

type Entry = { movie: Movie; title: string; genres: readonly string[] }
/** Where a page ended. It names a place in the order, so it outlives a new catalogue. */
type Place = { title: string; movieId: string }

/** Prepares the movies for look-ups and searches. */
export function createCatalogue(movies: readonly Movie[], version: string): Catalogue {
  return finish(catalogueSteps(movies, version))
}

/** The same in steps. */
export function* catalogueSteps(
  movies: readonly Movie[],
  version: string,
): Generator<void, Catalogue> {
  const byId = new Map<string, Movie>()
  for (const [i, movie] of movies.entries()) {
    byId.set(movie.movieId, movie)
    if (i % moviesInStep === 0) yield
  }
  const unsorted: Entry[] = []
  for (const movie of byId.values()) {
    const genres = movie.genres.map(foldText)
    unsorted.push({ movie, title: foldText(movie.title), genres })
    if (unsorted.length % moviesInStep === 0) yield
  }
  const order = yield* sortedIndicesSteps(unsorted.length, (a, b) => {
    return compare(placeOf(unsorted[a]!), placeOf(unsorted[b]!))
  })
  const entries: Entry[] = []
  for (const i of order) {
    entries.push(unsorted[i]!)
    if (entries.length % moviesInStep === 0) yield
  }

  return {
    version,
    size: byId.size,
    find: (movieId) => byId.get(movieId) ?? null,
    search({ title, genres, cursor, limit }) {
      const after = cursor === undefined ? null : decodeCursor(cursor)
      const matches = matcher(title, genres)
      const page: Entry[] = []
      let hasMore = false
      for (let i = after ? firstAfter(entries, after) : 0; i < entries.length; i++) {
        if (!matches(entries[i]!)) continue
        hasMore = page.length === limit
        if (hasMore) break
        page.push(entries[i]!)
      }
      return {
        items: page.map(({ movie }) => movie),
        nextCursor: hasMore ? encodeCursor(placeOf(page.at(-1)!)) : null,
      }
    },
  }
}

function matcher(title = '', genres?: readonly string[]): (entry: Entry) => boolean {
  const words = foldText(title)
    .split(/\s+/)
    .filter((word) => word !== '')
  const wanted = genres && new Set(genres.map(foldText))
  return (entry) =>
    words.every((word) => entry.title.includes(word)) &&
    (!wanted || entry.genres.some((genre) => wanted.has(genre)))
}

function placeOf({ title, movie }: Entry): Place {
  return { title, movieId: movie.movieId }
}

function compare(a: Place, b: Place): number {
  if (a.title !== b.title) return a.title < b.title ? -1 : 1
  if (a.movieId === b.movieId) return 0
  return a.movieId < b.movieId ? -1 : 1
}

/** The index of the first entry behind the place (bisection). */
function firstAfter(entries: readonly Entry[], place: Place): number {
  let low = 0
  let high = entries.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(placeOf(entries[middle]!), place) > 0) high = middle
    else low = middle + 1
  }
  return low
}

function encodeCursor({ title, movieId }: Place): string {
  return Buffer.from(JSON.stringify([title, movieId])).toString('base64url')
}

function decodeCursor(cursor: string): Place {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(parts) && parts.length === 2) {
      const [title, movieId] = parts as unknown[]
      if (typeof title === 'string' && typeof movieId === 'string') return { title, movieId }
    }
  } catch {
    // Told below, as for any other text.
  }
  const detail = 'expected the nextCursor of the page before'
  throw new MarqueeError('invalid-request', 'The cursor is not one of ours.', {
    problems: [{ pointer: '/query/cursor', detail }],
  })
}
