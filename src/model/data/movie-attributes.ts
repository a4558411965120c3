import type { Attributes } from './attributes.ts'
import type { Movie } from './movie.ts'

/** Labels of a movie: "genre:Drama" for each genre and "decade:1990s" where the year is known. */
export function movieLabels({ genres, year }: Pick<Movie, 'genres' | 'year'>): string[] {
  const decade = year === null ? [] : [`decade:${Math.floor(year / 10) * 10}s`]
  return [...genres.map((genre) => `genre:${genre}`), ...decade]
}

/** The labels of each movie. */
export function movieAttributes(movies: readonly Movie[]): Attributes {
  return new Map(movies.map((movie) => [movie.movieId, movieLabels(movie)]))
}
