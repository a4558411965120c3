import type { LivePosition } from '../live/live-event.ts'
import type { Catalogue, ListedMovie } from './catalogue/catalogue.ts'
import type { CatalogueJoin } from './catalogue/join-catalogue.ts'
import type { ChangedUsers } from './live/changed-users.ts'
import type { LiveView } from './live/live-view.ts'
import type { ServedModel } from './load/served-model.ts'
import type { MoviePriors } from './new-movies/movie-priors.ts'
import type { NewMovies } from './new-movies/new-movies.ts'
import type { TaskRunner } from './thread/task-runner.ts'

/** One model and one catalogue, joined. */
export type StoredSnapshot = ServedModel &
  CatalogueJoin & {
    readonly version: string
    readonly catalogue: Catalogue
    /** What movies that the model does not know are expected to be like. */
    readonly moviePriors: MoviePriors
    /** Runs what is long for a request. */
    readonly tasks: TaskRunner
  }

/**
 * What is stored and what was told since: a request takes one and answers from nothing else. Only
 * ratings that are told move in it, seen through `live` and `changedUsers`.
 */
export type Snapshot = StoredSnapshot & {
  readonly live: LiveView
  /** Where the newest event about a movie's facts stands. */
  readonly edit: LivePosition | null
  /** Stands for the imports of which `live` has ratings; empty for none. */
  readonly imports: string
  readonly changedUsers: ChangedUsers
  readonly newMovies: NewMovies
}

/** A movie of the model as the catalogue has it; null where the catalogue does not know it. */
export function factsOf(
  { rowOfMovie, catalogue }: Snapshot,
  movieIndex: number,
): ListedMovie | null {
  const row = rowOfMovie[movieIndex] ?? -1
  return row < 0 ? null : catalogue.movieAt(row)
}

/** What a movie is called; the titles are null where the catalogue does not know it. */
export type MovieTitle = { movieId: string; title: string | null; displayTitle: string | null }
export type MovieSummary = MovieTitle & {
  year: number | null
  genres: readonly string[]
}

/** The part of a movie that lists show; the titles are null when the catalogue does not know it. */
export function summaryOf(snapshot: Snapshot, movieIndex: number): MovieSummary {
  const movie = factsOf(snapshot, movieIndex)
  return {
    movieId: movie?.movieId ?? snapshot.model.movies.idOf(movieIndex),
    title: movie?.title ?? null,
    displayTitle: movie?.displayTitle ?? null,
    year: movie?.year ?? null,
    genres: movie?.genres ?? [],
  }
}

/** The part of a movie that large tables show. */
export function titleOf(snapshot: Snapshot, movieIndex: number): MovieTitle {
  const { movieId, title, displayTitle } = summaryOf(snapshot, movieIndex)
  return { movieId, title, displayTitle }
}
