import type { LiveMovie, LivePosition } from '../../live/live-event.ts'
import { linksOf } from '../../model/data/movie.ts'
import type { Vocabulary } from '../../model/data/vocabulary.ts'
import { addTo, type BitSet, createBitSet, removeFrom } from '../../numeric/search/bit-set.ts'
import {
  type Catalogue,
  compareGenres,
  decodeCursor,
  encodeCursor,
  type GenreCount,
  type ListedMovie,
  type MovieSearch,
  wordsOf,
} from '../catalogue/catalogue.ts'
import { comparePlaces, placeAt } from '../catalogue/catalogue-table.ts'
import { displayTitle } from '../catalogue/display-title.ts'
import { foldText } from '../catalogue/fold-text.ts'
import type { CatalogueJoin } from '../catalogue/join-catalogue.ts'
import type { MovieEdit } from './live-state.ts'
import { isKnownEvent, positionText } from './positions.ts'

type Edits = ReadonlyMap<string, MovieEdit>

/** What was told of movies and the catalogue does not have. */
export function unknownEdits({ told }: Pick<Catalogue, 'told'>, edits: Edits): Edits {
  if (edits.size === 0) return edits
  const known = new Map(told.map(({ epoch, seq }) => [epoch, seq]))
  return new Map([...edits].filter(([, edit]) => !isKnownEvent(known, edit.told)))
}

/** A catalogue with what was told of its movies, and of others, since it was made. */
export function editedCatalogue(
  base: Catalogue,
  edits: Edits,
  newest: LivePosition | null,
): Catalogue {
  if (edits.size === 0 || !newest) return base
  const rows = [...edits].map(([movieId, { movie }]) => movie && listed(movieId, movie))
  const shown = rows
    .filter((movie) => movie !== null && !movie.hidden)
    .map((movie) => ({ movie: movie!, folded: foldText(movie!.title) }))
    .map(({ movie, folded }) => ({ movie, folded, place: placeAt(folded, movie.movieId) }))
    .sort((a, b) => comparePlaces(a.place, b.place))
  const search = ({ title = '', genres, cursor, n }: MovieSearch) => {
    const after = cursor === undefined ? null : decodeCursor(cursor)
    const words = wordsOf(title)
    const names = genres && new Set(genres.map(foldText))
    const isFound = ({ movie, folded, place }: (typeof shown)[number]) =>
      (!after || comparePlaces(place, after) > 0) &&
      (!names || movie.genres.some((name) => names.has(foldText(name)))) &&
      words.every((word) => folded.includes(word))
    const page = base.search({ title, genres, cursor, n }, (id) => edits.has(id))
    const found = page.items.map((movie) => ({
      movie,
      place: placeAt(foldText(movie.title), movie.movieId),
    }))
    const all = [...found, ...shown.filter(isFound)]
    all.sort((a, b) => comparePlaces(a.place, b.place))
    const items = all.slice(0, n)
    const hasMore = all.length > n || page.nextCursor !== null
    return {
      items: items.map(({ movie }) => movie),
      nextCursor: hasMore && items.length > 0 ? encodeCursor(items.at(-1)!.place) : null,
    }
  }
  return {
    ...base,
    version: `${base.version}.${positionText(newest)}`,
    size: base.size + sizeChange(base, rows, edits.keys()),
    movieAt: (row) => (row < base.size ? base.movieAt(row) : rows[row - base.size]!),
    find: (movieId) => factsOf(edits.get(movieId), movieId, () => base.find(movieId)),
    isHidden: (movieId) => edits.get(movieId)?.movie?.hidden ?? base.isHidden(movieId),
    genres: () =>
      editedGenres(
        base,
        edits,
        shown.map(({ movie }) => movie),
      ),
    search,
  }
}

/** How many movies more there are with these in place of what was known of their ids. */
function sizeChange(
  base: Catalogue,
  rows: readonly (ListedMovie | null)[],
  movieIds: Iterable<string>,
): number {
  const known = [...movieIds].filter((movieId) => base.find(movieId) !== null)
  return rows.filter((movie) => movie !== null).length - known.length
}

function editedGenres(base: Catalogue, edits: Edits, shown: readonly ListedMovie[]): GenreCount[] {
  const counts = new Map(base.genres().map((count) => [foldText(count.genre), count]))
  const add = (genre: string, by: 1 | -1) => {
    const { genre: name = genre, movies = 0 } = counts.get(foldText(genre)) ?? {}
    counts.set(foldText(genre), { genre: name, movies: movies + by })
  }
  for (const movieId of edits.keys())
    if (!base.isHidden(movieId))
      for (const genre of base.find(movieId)?.genres ?? []) add(genre, -1)
  for (const { genres } of shown) for (const genre of genres) add(genre, 1)
  return [...counts.values()].filter(({ movies }) => movies > 0).sort(compareGenres)
}

function factsOf(
  edit: MovieEdit | undefined,
  movieId: string,
  otherwise: () => ListedMovie | null,
): ListedMovie | null {
  if (!edit) return otherwise()
  return edit.movie && { ...linksOf(otherwise() ?? {}), ...listed(movieId, edit.movie) }
}

function listed(movieId: string, movie: LiveMovie) {
  return { movieId, displayTitle: displayTitle(movie.title), ...movie }
}

/** The join with such a catalogue, from that with the one before the edits; copies what changes. */
export function editedJoin(
  join: CatalogueJoin,
  movies: Vocabulary,
  base: Catalogue,
  edits: Edits,
): CatalogueJoin {
  if (edits.size === 0) {
    const { rowOfMovie, years, genreCounts, moviesOfGenre, hidden } = join
    return { rowOfMovie, years, genreCounts, moviesOfGenre, hidden }
  }
  const edited = {
    rowOfMovie: join.rowOfMovie.slice(),
    years: join.years.slice(),
    genreCounts: join.genreCounts.slice(),
    moviesOfGenre: new Map([...join.moviesOfGenre].map(([genre, of]) => [genre, of.slice()])),
    hidden: join.hidden?.slice() ?? createBitSet(movies.size),
  }
  for (const [at, [movieId, { movie: facts }]] of [...edits].entries()) {
    const movie = movies.indexOf(movieId)
    if (movie < 0) continue
    edited.rowOfMovie[movie] = facts ? base.size + at : -1
    edited.years[movie] = facts?.year ?? Number.NaN
    edited.genreCounts[movie] = facts?.genres.length ?? 0
    for (const of of edited.moviesOfGenre.values()) removeFrom(of, movie)
    for (const genre of facts?.genres ?? [])
      addTo(genreOf(edited.moviesOfGenre, genre, movies), movie)
    if (facts?.hidden) addTo(edited.hidden, movie)
    else removeFrom(edited.hidden, movie)
  }
  return edited
}

function genreOf(genres: Map<string, BitSet>, name: string, { size }: Vocabulary): BitSet {
  const genre = foldText(name)
  const of = genres.get(genre) ?? createBitSet(size)
  genres.set(genre, of)
  return of
}
