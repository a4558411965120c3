import { importArchive } from '../archive.ts'
import { importMovies } from '../movies/import-movies.ts'
import { importRatings } from '../ratings/import-ratings.ts'
import { importUsers } from '../users/import-users.ts'

/** What can be imported, each from a body into a store. */
export const imports = {
  ratings: importRatings,
  movies: importMovies,
  users: importUsers,
  archive: importArchive,
}

type Imports = typeof imports
export type ImportKind = keyof Imports
export type ImportOptions<Kind extends ImportKind> = NonNullable<Parameters<Imports[Kind]>[2]>
export type ImportResult<Kind extends ImportKind> = Awaited<ReturnType<Imports[Kind]>>
