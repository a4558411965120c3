import { plainIds } from '../readers/plain-ids.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import { expectedMovies, movieFormat } from './movie-format.ts'
import type { ToldMovie } from './movies-segment.ts'

/** The movies of a file in any known format, line by line as they stand there, repeats included. */
export async function readMovies(
  body: AsyncIterable<Uint8Array>,
): Promise<Reading & { readonly movies: readonly ToldMovie[] }> {
  const movies: ToldMovie[] = []
  const { reading } = await readRecords(body, (line) => movieFormat(line, movies), expectedMovies)
  const ids = plainIds(movies.map(({ movieId }) => movieId))
  if (ids === null) return { ...reading, movies }
  return { ...reading, movies: movies.map((movie, i) => ({ ...movie, movieId: ids[i]! })) }
}
