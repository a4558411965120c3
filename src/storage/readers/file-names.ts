/** The names of files of MovieLens, and of its copies elsewhere, in lower case. */
export const fileNames = {
  ratings: ['ratings.csv', 'u.data', 'ratings.dat', 'rating.csv', 'ratings.tsv', 'rating.tsv'],
  movies: ['movies.csv', 'u.item', 'movies.dat', 'movie.csv', 'movies.tsv', 'movie.tsv'],
  links: ['links.csv', 'link.csv'],
  users: ['users.csv', 'u.user', 'users.dat', 'user.csv', 'users.tsv', 'user.tsv'],
} as const
export type FileRole = keyof typeof fileNames

/** Whether a file is named as one of this role is, in any case of letters, whatever its folder. */
export function isFileOf(role: FileRole, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase()
  return fileNames[role].some((known) => known === name)
}
