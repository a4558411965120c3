import { parseArgs } from 'node:util'
import {
  generateRatings,
  plant,
  planting,
  truthOf,
} from '../../src/cli/generate/generated-ratings.ts'
import type { Ratings } from '../../src/model/data/ratings.ts'
import { factorise, solveCholesky } from '../../src/numeric/linear/cholesky.ts'
import { createRandom } from '../../src/numeric/random/random.ts'

// node --import tsx bench/training/planted-floor.ts --ratings 4000000

/**
 * How near a model can come to the planted noise of the generator: each row has five numbers to be
 * learnt from the ratings that are trained on. One side is fitted as well as a linear model can, by its
 * posterior mean with the planted spreads, while the truth of the other side is told; the errors that this
 * adds on either side, summed up, are about the least that a model adds which is told neither. One that
 * knows how ratings pile up at the ends of the scale could have less.
 */
const heldOutShare = 0.2
const size = 1 + planting.dimensions
/** Halves of a star are rounded to: they add the variance of a uniform number. */
const noise = planting.noise ** 2 + 0.5 ** 2 / 12

type Side = {
  readonly rows: number
  readonly own: Uint32Array
  readonly other: Uint32Array
  /** The truth of the other side. */
  readonly bias: Float32Array
  readonly factors: Float32Array
  readonly biasSpread: number
}

/** Posterior means [rows, 5] of bias and vector. */
function fit(side: Side, rating: Float32Array, isHeldOut: Uint8Array): Float64Array {
  const { rows, own, other, bias, factors, biasSpread } = side
  const a = new Float64Array(rows * size * size)
  const b = new Float64Array(rows * size)
  for (let row = 0; row < rows; row++)
    for (let p = 0; p < size; p++)
      a[(row * size + p) * size + p] = noise / (p === 0 ? biasSpread : planting.factor) ** 2
  const x = new Float64Array(size).fill(1)
  for (let i = 0; i < rating.length; i++) {
    if (isHeldOut[i] === 1) continue
    const at = other[i]!
    for (let p = 1; p < size; p++) x[p] = factors[at * (size - 1) + p - 1]!
    const y = rating[i]! - planting.mean - bias[at]!
    for (let p = 0; p < size; p++) {
      const place = own[i]! * size + p
      b[place]! += x[p]! * y
      for (let q = 0; q <= p; q++) a[place * size + q]! += x[p]! * x[q]!
    }
  }
  for (let row = 0; row < rows; row++) {
    const own = a.subarray(row * size ** 2, (row + 1) * size ** 2)
    factorise(own, size)
    solveCholesky(own, size, b.subarray(row * size, (row + 1) * size))
  }
  return b
}

function predictions({ own, other, bias, factors }: Side, fitted: Float64Array) {
  return (i: number) => {
    const [from, at] = [own[i]! * size, other[i]!]
    let sum = planting.mean + bias[at]! + fitted[from]!
    for (let p = 1; p < size; p++) sum += fitted[from + p]! * factors[at * (size - 1) + p - 1]!
    return sum
  }
}

function measure(ratings: Ratings, seed: number): string {
  const { rating, userIndex, movieIndex } = ratings
  const [users, movies] = [ratings.users.size, ratings.movies.size]
  const truth = plant(users, movies, seed)
  const random = createRandom(seed, 'planted-floor')
  const isHeldOut = Uint8Array.from(rating, () => Number(random.uniform() < heldOutShare))
  const ofUsers: Side = {
    ...{ rows: users, own: userIndex, other: movieIndex, biasSpread: planting.userBias },
    ...{ bias: truth.movieBias, factors: truth.movieFactors },
  }
  const ofMovies: Side = {
    ...{ rows: movies, own: movieIndex, other: userIndex, biasSpread: planting.movieBias },
    ...{ bias: truth.userBias, factors: truth.userFactors },
  }
  const planted = truthOf(truth)
  const inScale = (value: number) => Math.min(5, Math.max(0.5, value))
  const plain = (i: number) => planted(userIndex[i]!, movieIndex[i]!)
  const fits = [ofUsers, ofMovies].map((side) => predictions(side, fit(side, rating, isHeldOut)))
  const meanSquare = (predict: (i: number) => number) => {
    let [sum, count] = [0, 0]
    for (let i = 0; i < rating.length; i++) {
      if (isHeldOut[i] === 0) continue
      sum += (rating[i]! - predict(i)) ** 2
      count += 1
    }
    return sum / count
  }
  const known = meanSquare((i) => inScale(plain(i)))
  const added = fits.map((predict) => meanSquare((i) => inScale(predict(i))) - known)
  const rmse = Math.sqrt(meanSquare(plain))
  const least = Math.sqrt(known + added[0]! + added[1]!)
  return [
    `${rating.length} ratings, a fifth held out.`,
    `RMSE of the truth on it ${rmse.toFixed(4)}, put into the scale ${Math.sqrt(known).toFixed(4)}.`,
    `With users and movies learnt ${least.toFixed(4)}, ${(100 * (least / rmse - 1)).toFixed(2)} % above the truth.`,
  ].join('\n')
}

const { values } = parseArgs({
  options: {
    ratings: { type: 'string', default: '4000000' },
    seed: { type: 'string', default: '7' },
  },
})
const [ratings, seed] = [Number(values.ratings), Number(values.seed)]
// As `marquee generate` shares them out.
const shape = { users: Math.ceil(ratings / 154), movies: Math.ceil(ratings / 424) }
process.stdout.write(`${measure(generateRatings({ ...shape, ratings, seed }).ratings, seed)}\n`)
