import { createHash } from 'node:crypto'
import type { SideInformation } from '../model/data/attributes.ts'
import { movieAttributes } from '../model/data/movie-attributes.ts'
import type { Ratings } from '../model/data/ratings.ts'
import { userAttributes } from '../model/data/user-attributes.ts'
import { loadMovies, movieVersionOf } from './movies/load-movies.ts'
import type { ObjectStore } from './object-store.ts'
import { dataVersionOf, loadRatings } from './ratings/load-ratings.ts'
import type { LiveMark } from './segments/live-marks.ts'
import type { Damage } from './segments/load-segments.ts'
import { loadUsers, userVersionOf } from './users/load-users.ts'

/** All that a training learns from, and a name for exactly this. */
export type TrainingMaterial = {
  readonly ratings: Ratings
  readonly attributes: SideInformation
  readonly dataVersion: string
  /** Up to which live events it goes. */
  readonly live: readonly LiveMark[]
  /** The newest import of ratings that it has. */
  readonly newestImport?: string | undefined
  /** Segments that cannot be read and are left out. */
  readonly damaged?: readonly Damage[]
}

/**
 * Everything that was imported, and of live events those up to the marks, all unless told; no
 * ratings, and version "empty", before their first import.
 */
export async function loadTrainingMaterial(
  store: ObjectStore,
  upTo?: readonly LiveMark[],
): Promise<TrainingMaterial> {
  const { ratings, dataVersion, live, newestImport, ...rated } = await loadRatings(store, upTo)
  const { movies, version: movieVersion, ...told } = await loadMovies(store)
  const { users, version: userVersion, ...known } = await loadUsers(store)
  return {
    ratings,
    attributes: { users: userAttributes(users), movies: movieAttributes(movies) },
    dataVersion: joined(dataVersion, movieVersion, userVersion),
    live,
    newestImport,
    damaged: [...rated.damaged, ...told.damaged, ...known.damaged],
  }
}

/**
 * The version that `loadTrainingMaterial` would give once the events up to the marks are folded,
 * too; without reading any of it.
 */
export async function materialVersionOf(
  store: ObjectStore,
  told: readonly LiveMark[] = [],
): Promise<string> {
  const versions = [dataVersionOf(store, told), movieVersionOf(store), userVersionOf(store)]
  return joined(...((await Promise.all(versions)) as [string, string, string]))
}

function joined(ratings: string, movies: string, users: string): string {
  if (ratings === 'empty') return 'empty'
  return createHash('sha256').update(`${ratings}\n${movies}\n${users}`).digest('hex').slice(0, 16)
}
