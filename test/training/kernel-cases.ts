import type { DotSpec } from '../../src/model/spec/training-spec.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { groupsOf } from '../../src/training/engines/webgpu/steps.ts'
import { plantedSpec } from './planted-ratings.ts'

const users = 9
const movies = 7
const ratings = 130
const batchSize = 77
const rates = { learningRate: 0.03, momentum: 0.8 }

/** The second, shorter batch of tiny ratings with a busy user and movie, under seeded tables. */
function kernelCase(changes: object, ratingRange: readonly [number, number] | null) {
  const spec = plantedSpec({
    algorithm: 'dot-bias',
    factors: 7,
    batchSize,
    weightDecay: 0.2,
    ...changes,
  }) as DotSpec
  const hasBias = spec.algorithm === 'dot-bias'
  const random = createRandom(5, 'kernels')
  const skewed = (size: number) => Math.floor(size * random.uniform() ** 2)
  const userIndex = Uint32Array.from({ length: ratings }, () => skewed(users))
  const movieIndex = Uint32Array.from({ length: ratings }, () => skewed(movies))
  const rating = Float32Array.from({ length: ratings }, () => 1 + random.below(5))
  const offset = Float32Array.from({ length: ratings }, () => random.normal() / 2)
  const rows = users + movies
  const width = 12
  const drawn = (draw: () => number) => Float32Array.from({ length: rows * width }, draw)
  const p = drawn(() => random.normal() / 3)
  for (let row = 0; row < rows; row++) {
    p.fill(0, row * width + spec.factors, (row + 1) * width - 2)
    if (!hasBias) p.fill(0, (row + 1) * width - 2, (row + 1) * width)
    else p[(row + 1) * width - (row < users ? 1 : 2)] = 1
  }
  const step = 1
  const first = step * batchSize
  const count = ratings - first
  const batch = Array.from({ length: count }, (_, i) => first + i)
  const lists = new Uint32Array(2 * ratings)
  lists.set(
    [...batch].sort((a, b) => userIndex[a]! - userIndex[b]! || a - b),
    first,
  )
  lists.set(
    [...batch].sort((a, b) => movieIndex[a]! - movieIndex[b]! || a - b),
    ratings + first,
  )
  return {
    ...{ spec, hasBias, users, rows, width, ratingRange, rates, userIndex, movieIndex, rating },
    offset,
    ...{ p, lists, step, count, batch, number: 6, groups: groupsOf(batchSize) },
    m: drawn(() => random.normal() / 9),
    v: drawn(() => random.uniform() / 9),
  }
}

/** What the kernels are held to, the same in the program that runs them and in the test. */
export function kernelCases() {
  return [
    kernelCase({ optimizer: 'adam', decay: 'decoupled' }, [0.5, 5.5]),
    kernelCase({ optimizer: 'adam', decay: 'l2', algorithm: 'dot' }, null),
    kernelCase({ optimizer: 'sgd', decay: 'l2' }, [0.5, 5.5]),
    kernelCase({ optimizer: 'sgd', decay: 'decoupled', algorithm: 'dot' }, null),
  ]
}
