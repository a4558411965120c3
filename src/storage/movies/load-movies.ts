import type { Movie } from '../../model/data/movie.ts'
import type { ObjectStore } from '../object-store.ts'
import { loadSegments } from '../segments/load-segments.ts'
import { segmentNames, versionOf } from '../segments/segment-names.ts'
import { decodeMoviesSteps } from './movies-segment.ts'

const moviesInStep = 1_024

/** Runs steps to their end, and may let others have their turn between them. */
type Runner = <Result>(steps: Generator<void, Result>) => Result | Promise<Result>

const atOnce: Runner = (steps) => {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** All stored movies in order of first import, each as last imported; none, and "empty", before. */
export async function loadMovies(
  store: ObjectStore,
  run: Runner = atOnce,
): Promise<{ movies: Movie[]; version: string }> {
  const { segments, version } = await loadSegments(store, 'movies', (bytes, key) =>
    run(decodeMoviesSteps(bytes, key)),
  )
  return { movies: await run(latestSteps(segments)), version }
}

function* latestSteps(segments: readonly Movie[][]): Generator<void, Movie[]> {
  const latest = new Map<string, Movie>()
  for (const segment of segments)
    for (const [i, movie] of segment.entries()) {
      latest.set(movie.movieId, movie)
      if (i % moviesInStep === 0) yield
    }
  return [...latest.values()]
}

/** The version that `loadMovies` would give, without reading a movie. */
export async function movieVersionOf(store: ObjectStore): Promise<string> {
  return versionOf(await segmentNames(store, 'movies'))
}
