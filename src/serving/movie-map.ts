import { type Pca, pcaSteps } from '../numeric/linear/pca.ts'
import { topN } from '../numeric/search/top-n.ts'
import { inSlices } from './in-slices.ts'
import { type Snapshot, summaryOf } from './snapshot.ts'

export const maxComponents = 10
const endLength = 10
const maxKept = 4

type Title = { movieId: string; title: string | null }
export type MovieMap = {
  /** How many movies are on it. */
  movies: number
  /** By falling share of the variance; fewer where the model has fewer factors. */
  components: {
    explained: number
    /** The movies farthest out on either side, the outermost first. */
    highest: (Title & { coordinate: number })[]
    lowest: (Title & { coordinate: number })[]
  }[]
  /** The most rated first. Made while it is walked through, since it may be long. */
  items: Iterable<Title & { coordinates: number[] }>
}
export type MovieMapOptions = { components: number; mostRated: number }

/** Draws movie maps; what is costly of them is kept for the last few models and sizes. */
export type MovieMaps = { draw(snapshot: Snapshot, options: MovieMapOptions): Promise<MovieMap> }

/** What does not change with the catalogue: row i is the i-th of the most rated movies. */
type Sketch = { movies: Uint32Array; pca: Pca; ends: { highest: number[]; lowest: number[] }[] }

/** Maps by the principal components of the movie factors, drawn one after the other. */
export function createMovieMaps(pca = pcaSteps): MovieMaps {
  const kept = new Map<string, Promise<Sketch>>()
  let last: Promise<unknown> = Promise.resolve()

  const sketchOf = (snapshot: Snapshot, mostRated: number): Promise<Sketch> => {
    const size = Math.min(mostRated, snapshot.model.movies.size)
    const key = `${snapshot.version} ${size}`
    const sketch = kept.get(key) ?? last.then(() => inSlices(sketchSteps(snapshot, size, pca)))
    last = sketch.catch(() => kept.delete(key))
    // Put back behind the others: the first is the one that was not asked for the longest.
    kept.delete(key)
    kept.set(key, sketch)
    for (const oldest of kept.keys()) if (kept.size > maxKept) kept.delete(oldest)
    return sketch
  }
  return {
    async draw(snapshot, { components, mostRated }) {
      return mapOf(snapshot, await sketchOf(snapshot, mostRated), components)
    },
  }
}

function* sketchSteps(
  { model, statistics }: Snapshot,
  size: number,
  pcaOf: typeof pcaSteps,
): Generator<void, Sketch> {
  const movies = statistics.mostRated.slice(0, size)
  const { columns, data } = model.movieFactors
  const chosen = new Float32Array(size * columns)
  for (const [row, movie] of movies.entries()) {
    chosen.set(data.subarray(movie * columns, (movie + 1) * columns), row * columns)
    yield
  }
  const pca = yield* pcaOf(chosen, size, columns, Math.min(maxComponents, columns))
  const ends: Sketch['ends'] = []
  for (const axis of pca.coordinates) {
    const highest = topN(new Float32Array(axis), endLength)
    yield
    const lowest = topN(new Float32Array(axis.map((x) => -x)), endLength)
    ends.push({ highest, lowest })
    yield
  }
  return { movies, pca, ends }
}

function mapOf(snapshot: Snapshot, { movies, pca, ends }: Sketch, components: number): MovieMap {
  const titleOf = (row: number): Title => {
    const { movieId, title } = summaryOf(snapshot, movies[row]!)
    return { movieId, title }
  }
  const axes = pca.coordinates.slice(0, components)
  const endOf = (axis: Float64Array, rows: number[]) =>
    rows.map((row) => ({ ...titleOf(row), coordinate: axis[row]! }))
  return {
    movies: movies.length,
    components: axes.map((axis, i) => ({
      explained: pca.explained[i]!,
      highest: endOf(axis, ends[i]!.highest),
      lowest: endOf(axis, ends[i]!.lowest),
    })),
    items: (function* () {
      for (let row = 0; row < movies.length; row++)
        yield { ...titleOf(row), coordinates: axes.map((axis) => axis[row]!) }
    })(),
  }
}
