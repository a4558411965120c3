import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sketchMap } from '../../src/serving/movie-map/map-sketch.ts'
import { createMovieMaps, type MovieMap } from '../../src/serving/movie-map/movie-map.ts'
import type { Snapshot } from '../../src/serving/snapshot.ts'
import { openStore, serve } from '../support/bench.ts'
import { dotBiasModel } from '../support/models.ts'
import { singularValues } from './one-sided-jacobi.ts'

async function open(t: TestContext, size: { users?: number; movies: number; factors: number }) {
  const bench = await openStore(t)
  await bench.importMovies()
  await bench.publish(dotBiasModel(size), 'v1')
  const { serving } = await serve(t, bench)
  return { ...bench, serving, snapshot: serving.snapshot() }
}

/** Maps that count how often, and for how many movies, components are worked out. */
function countedMaps() {
  const drawn: number[] = []
  const maps = createMovieMaps(async ({ model }, movies) => {
    drawn.push(movies.length)
    return sketchMap(model.movieFactors, movies)
  })
  return { drawn, maps }
}

const rowsOf = ({ model }: Snapshot, movieIds: readonly string[]) =>
  movieIds.map((movieId) => {
    const at = model.movies.indexOf(movieId) * model.movieFactors.columns
    return Float64Array.from(model.movieFactors.data.subarray(at, at + model.movieFactors.columns))
  })

const explainedBy = ({ components }: MovieMap) =>
  components.reduce((sum, { explained }) => sum + explained, 0)

test('three components explain as much variance as a reference SVD says is possible', async (t) => {
  const { snapshot } = await open(t, { users: 100, movies: 300, factors: 12 })
  const map = await createMovieMaps().draw(snapshot, { components: 3, mostRated: 90 })
  const items = [...map.items]
  assert.equal(items.length, 90)

  const rows = rowsOf(
    snapshot,
    items.map(({ movieId }) => movieId),
  )
  const mean = rows[0]!.map((_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length)
  const centred = rows.map((row) => row.map((x, i) => x - mean[i]!))
  const variances = singularValues(centred).map((value) => value ** 2)
  const total = variances.reduce((sum, value) => sum + value, 0)
  const best = (variances[0]! + variances[1]! + variances[2]!) / total
  assert.ok(explainedBy(map) >= best - 1e-9, `${explainedBy(map)} of at most ${best}`)

  // The coordinates bear it out: they have the variance that is claimed for them.
  for (const [axis, { explained }] of map.components.entries()) {
    const squared = items.reduce((sum, { coordinates }) => sum + coordinates[axis]! ** 2, 0)
    assert.ok(Math.abs(squared / total - explained) < 1e-9)
  }
})

test('only the most rated movies are on it, and ten stand at either end of each component', async (t) => {
  const { snapshot } = await open(t, { users: 20, movies: 50, factors: 4 })
  const map = await countedMaps().maps.draw(snapshot, { components: 2, mostRated: 15 })
  const items = [...map.items]
  assert.deepEqual([map.movies, map.components.length], [15, 2])
  const { mostRated } = snapshot.statistics
  assert.deepEqual(
    items.map(({ movieId }) => movieId),
    [...mostRated.subarray(0, 15)].map((movie) => snapshot.model.movies.idOf(movie)),
  )
  assert.equal(items.find(({ movieId }) => movieId === 'm3')!.title, 'Matrix Reloaded')
  map.components.forEach(({ highest, lowest }, axis) => {
    const sorted = items
      .map(({ movieId, title, displayTitle, coordinates }) => ({
        movieId,
        title,
        displayTitle,
        coordinate: coordinates[axis]!,
      }))
      .sort((a, b) => b.coordinate - a.coordinate)
    assert.deepEqual(highest, sorted.slice(0, 10))
    assert.deepEqual(lowest, sorted.reverse().slice(0, 10))
  })
})

test('a model with few factors or movies has a smaller map', async (t) => {
  const { snapshot } = await open(t, { movies: 6, factors: 2 })
  const map = await createMovieMaps().draw(snapshot, { components: 3, mostRated: 3_000 })
  assert.deepEqual([map.movies, map.components.length], [6, 2])
  assert.ok(Math.abs(explainedBy(map) - 1) < 1e-9)
  assert.ok([...map.items].every(({ coordinates }) => coordinates.length === 2))
})

test('a map is worked out once for a model and size, however many components are asked for', async (t) => {
  const { snapshot, publish, serving } = await open(t, { movies: 20, factors: 4 })
  const { maps, drawn } = countedMaps()
  const draw = (components: number, mostRated: number) =>
    maps.draw(serving.snapshot(), { components, mostRated })
  const [first, second] = await Promise.all([draw(3, 10), draw(1, 10)])
  assert.deepEqual([first.components.length, second.components.length], [3, 1])
  assert.deepEqual(first.components.slice(0, 1), second.components)
  await draw(3, 20)
  await draw(3, 5_000)
  assert.deepEqual(drawn, [10, 20])

  await publish(dotBiasModel({ movies: 20, factors: 4, seed: 2 }), 'v2', 2)
  await serving.refresh()
  const other = await draw(3, 10)
  assert.notEqual(snapshot.version, serving.snapshot().version)
  assert.deepEqual(drawn, [10, 20, 10])
  assert.notDeepEqual(other.components, first.components)
})

test('the last four maps are kept, by when they were asked for', async (t) => {
  const { snapshot } = await open(t, { movies: 20, factors: 2 })
  const { maps, drawn } = countedMaps()
  for (const mostRated of [2, 3, 4, 5, 2, 6, 2, 3])
    await maps.draw(snapshot, { components: 1, mostRated })
  assert.deepEqual(drawn, [2, 3, 4, 5, 6, 3])
})

test('a map that failed is tried again', async (t) => {
  const { snapshot } = await open(t, { movies: 20, factors: 2 })
  let calls = 0
  const maps = createMovieMaps(async ({ model }, movies) => {
    calls += 1
    if (calls === 1) throw new Error('no luck')
    return sketchMap(model.movieFactors, movies)
  })
  const options = { components: 1, mostRated: 5 }
  await assert.rejects(maps.draw(snapshot, options), /no luck/)
  assert.equal((await maps.draw(snapshot, options)).movies, 5)
})

test('others are answered while a map is drawn', async (t) => {
  const { snapshot } = await open(t, { movies: 4_000, factors: 64 })
  let isDrawn = false
  let turns = 0
  const drawing = createMovieMaps()
    .draw(snapshot, { components: 3, mostRated: 4_000 })
    .finally(() => {
      isDrawn = true
    })
  while (!isDrawn) {
    await nextTurn()
    turns += 1
  }
  assert.equal((await drawing).movies, 4_000)
  assert.ok(turns > 5, `the event loop turned ${turns} times`)
})
