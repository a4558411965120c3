import type { Movie } from '../model/data/movie.ts'
import type { Catalogue } from './catalogue/catalogue.ts'
import type { CatalogueJoin } from './catalogue/join-catalogue.ts'
import type { ChangedUsers } from './live/changed-users.ts'
import type { LiveView } from './live/live-view.ts'
import type { ServedModel } from './load/served-model.ts'
import type { TaskRunner } from './thread/task-runner.ts'

/** One model and one catalogue, joined. */
export type StoredSnapshot = ServedModel &
  CatalogueJoin & {
    readonly version: string
    readonly catalogue: Catalogue
    /** Runs what is long for a request. */
    readonly tasks: TaskRunner
  }

/**
 * What is stored and what was told since: a request takes one and answers from nothing else. Only
 * ratings that are told move in it, seen through `live` and `changedUsers`.
 */
export type Snapshot = StoredSnapshot & {
  readonly live: LiveView
  readonly changedUsers: ChangedUsers
}

/** A movie of the model as the catalogue has it; null where the catalogue does not know it. */
export function factsOf({ rowOfMovie, catalogue }: Snapshot, movieIndex: number): Movie | null {
  const row = rowOfMovie[movieIndex] ?? -1
  return row < 0 ? null : catalogue.movieAt(row)
}

export type MovieSummary = {
  movieId: string
  title: string | null
  year: number | null
  genres: readonly string[]
}

/** The part of a movie that lists show; the title is null when the catalogue does not know it. */
export function summaryOf(snapshot: Snapshot, movieIndex: number): MovieSummary {
  const movie = factsOf(snapshot, movieIndex)
  return {
    movieId: movie?.movieId ?? snapshot.model.movies.idOf(movieIndex),
    title: movie?.title ?? null,
    year: movie?.year ?? null,
    genres: movie?.genres ?? [],
  }
}
