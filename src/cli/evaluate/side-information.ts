import type { SideInformation } from '../../model/data/attributes.ts'
import { movieAttributes } from '../../model/data/movie-attributes.ts'
import { userAttributes } from '../../model/data/user-attributes.ts'
import { readMovies } from '../../storage/movies/read-movies.ts'
import { readFileAt } from '../../storage/readers/read-file.ts'
import { readUsers } from '../../storage/users/read-users.ts'

/** The attributes that files of movies and users tell, those of no file being empty. */
export async function readSideInformation(paths: {
  readonly movies?: string | undefined
  readonly users?: string | undefined
}): Promise<SideInformation> {
  const movies = paths.movies === undefined ? [] : await moviesOf(paths.movies)
  const users = paths.users === undefined ? new Map() : await usersOf(paths.users)
  return { movies: movieAttributes(movies), users: userAttributes(users) }
}

async function moviesOf(path: string) {
  const { movies, refused } = await readFileAt(path, readMovies)
  tellOfRefused(path, refused)
  return movies
}

async function usersOf(path: string) {
  const { users, refused } = await readFileAt(path, readUsers)
  tellOfRefused(path, refused)
  return users
}

function tellOfRefused(path: string, refused: number): void {
  if (refused > 0) process.stderr.write(`${path}: ${refused} lines could not be read.\n`)
}
