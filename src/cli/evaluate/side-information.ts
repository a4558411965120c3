import type { SideInformation } from '../../model/data/attributes.ts'
import { movieAttributes } from '../../model/data/movie-attributes.ts'
import { userAttributes } from '../../model/data/user-attributes.ts'
import { readMovies } from '../../storage/movies/read-movies.ts'
import { readFileAt } from '../../storage/readers/read-file.ts'
import { readUsers } from '../../storage/users/read-users.ts'
import type { RefusalLog } from './refused-lines.ts'

/** The attributes and titles that files of movies and users tell, those of no file being empty. */
export async function readSideInformation(
  paths: { readonly movies?: string | undefined; readonly users?: string | undefined },
  log: RefusalLog,
): Promise<SideInformation> {
  const movies = paths.movies === undefined ? [] : await moviesOf(paths.movies, log)
  const users = paths.users === undefined ? new Map() : await usersOf(paths.users, log)
  return {
    movies: movieAttributes(movies),
    users: userAttributes(users),
    titles: new Map(movies.map(({ movieId, title }) => [movieId, title])),
  }
}

async function moviesOf(path: string, log: RefusalLog) {
  const { movies, ...reading } = await readFileAt(path, 'movies', readMovies)
  log(path, reading)
  return movies
}

async function usersOf(path: string, log: RefusalLog) {
  const { users, ...reading } = await readFileAt(path, 'users', readUsers)
  log(path, reading)
  return users
}
