import { type MovieTitle, type Snapshot, summaryOf, titleOf } from '../snapshot.ts'
import { type MapSketch, maxComponents } from './map-sketch.ts'

const maxKept = 4

export type MovieMap = {
  /** How many movies are on it. */
  movies: number
  /** By falling share of the variance; fewer where the model has fewer factors. */
  components: {
    explained: number
    /** The movies farthest out on either side, the outermost first. */
    highest: (MovieTitle & { coordinate: number })[]
    lowest: (MovieTitle & { coordinate: number })[]
  }[]
  /** The most rated first. Made while it is walked through, since it may be long. */
  items: Iterable<MappedMovie>
}
type MappedMovie = MovieTitle & {
  genres: readonly string[]
  ratings: number
  coordinates: number[]
}
export type MovieMapOptions = { components: number; mostRated: number }

/** Movie maps; their sketches are kept for the last few models and sizes. */
export type MovieMaps = { draw(snapshot: Snapshot, options: MovieMapOptions): Promise<MovieMap> }

/** Works out the sketch of a map of the most rated movies. */
type Sketcher = (snapshot: Snapshot, movies: Uint32Array) => Promise<MapSketch>

const sketchInThread: Sketcher = async ({ model, tasks }, movies) => {
  const { movieFactors } = model
  const k = movieFactors.columns
  const operations = movies.length * k * (k + maxComponents) + 20 * k ** 3
  return tasks.run('sketchMap', operations, movieFactors, movies)
}

/** Draws maps by the principal components of the movie factors. */
export function createMovieMaps(sketch = sketchInThread): MovieMaps {
  const kept = new Map<string, Promise<MapSketch>>()

  const sketchOf = (snapshot: Snapshot, mostRated: number): Promise<MapSketch> => {
    const movies = snapshot.statistics.mostRated.slice(0, mostRated)
    const key = `${snapshot.version} ${movies.length}`
    const made = kept.get(key) ?? sketch(snapshot, movies)
    made.catch(() => kept.delete(key))
    // Put back behind the others: the first is the one that was not asked for the longest.
    kept.delete(key)
    kept.set(key, made)
    for (const oldest of kept.keys()) if (kept.size > maxKept) kept.delete(oldest)
    return made
  }
  return {
    async draw(snapshot, { components, mostRated }) {
      return mapOf(snapshot, await sketchOf(snapshot, mostRated), components)
    },
  }
}

function mapOf(snapshot: Snapshot, { movies, pca, ends }: MapSketch, components: number): MovieMap {
  const axes = pca.coordinates.slice(0, components)
  const endOf = (axis: Float64Array, rows: readonly number[]) =>
    rows.map((row) => ({ ...titleOf(snapshot, movies[row]!), coordinate: axis[row]! }))
  return {
    movies: movies.length,
    components: axes.map((axis, i) => ({
      explained: pca.explained[i]!,
      highest: endOf(axis, ends[i]!.highest),
      lowest: endOf(axis, ends[i]!.lowest),
    })),
    items: (function* () {
      for (const [row, movie] of movies.entries()) {
        const { year: _, ...named } = summaryOf(snapshot, movie)
        const ratings = snapshot.statistics.ratings[movie]!
        yield { ...named, ratings, coordinates: axes.map((axis) => axis[row]!) }
      }
    })(),
  }
}
