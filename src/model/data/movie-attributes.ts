import type { Attributes } from './attributes.ts'
import type { Movie } from './movie.ts'

/** Labels of movies: "genre:Drama" for each genre and "decade:1990s" where the year is known. */
export function movieAttributes(movies: readonly Movie[]): Attributes {
  return new Map(
    movies.map(({ movieId, year, genres }) => [
      movieId,
      [
        ...genres.map((genre) => `genre:${genre}`),
        ...(year === null ? [] : [`decade:${Math.floor(year / 10) * 10}s`]),
      ],
    ]),
  )
}
