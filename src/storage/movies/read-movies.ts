import { plainIds } from '../readers/plain-ids.ts'
import { type Reading, readRecords } from '../readers/read-records.ts'
import { expectedMovies, movieFormat } from './movie-format.ts'
import type { ToldMovie } from './movies-segment.ts'

/** The movies of a file in any known format, line by line as they stand there, repeats included. */
export async function readMovies(
  body: AsyncIterable<Uint8Array>,
  maxLines?: number,
): Promise<Reading & { readonly movies: readonly ToldMovie[] }> {
  const movies: ToldMovie[] = []
  const recognise = (line: string) => movieFormat(line, movies)
  const { reading } = await readRecords(body, recognise, expectedMovies, maxLines)
  const ids = plainIds(movies.map(({ movieId }) => movieId))
  if (ids === null) return { ...reading, movies }
  return { ...reading, movies: movies.map((movie, i) => ({ ...movie, movieId: ids[i]! })) }
}
