import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planArena } from '../../src/numeric/kernels/arena.ts'
import { compileKernels, instantiateKernels, rowWidth } from '../../src/numeric/kernels/kernels.ts'
import { writeStruct } from '../../src/numeric/kernels/struct.ts'
import { ratingSteps } from '../../src/numeric/kernels/structs.ts'
import { createRandom } from '../../src/numeric/random/random.ts'
import { plainStepPerRating } from '../support/plain-steps.ts'

const users = 9
const movies = 14
const ratings = 203
const [rate, weightDecay] = [0.05, 0.2]

/** The same ratings and weights for the kernel and for the plain step. */
function prepare(k: number, hasBias: boolean) {
  const random = createRandom(k, 'rating-steps')
  const normals = (size: number, by: number) =>
    Float32Array.from({ length: size }, () => by * random.normal())
  const plain = {
    userIndex: Uint32Array.from({ length: ratings }, (_, i) => Math.floor((i * users) / ratings)),
    movieIndex: Uint32Array.from({ length: ratings }, () => random.below(movies)),
    rating: Float32Array.from({ length: ratings }, () => 1 + random.below(5)),
    k,
    userFactors: normals(users * k, 0.3),
    movieFactors: normals(movies * k, 0.3),
    userBias: normals(users, hasBias ? 0.2 : 0),
    movieBias: normals(movies, hasBias ? 0.2 : 0),
    userScale: Float32Array.from({ length: users }, () => random.uniform()),
    movieScale: Float32Array.from({ length: movies }, () => random.uniform()),
  }
  return plain
}

/** Writes all of it where the kernel wants it; its task is at `at.task`. */
function place(plain: ReturnType<typeof prepare> & { lowest: number; span: number }) {
  const { k } = plain
  const width = rowWidth(k)
  const plan = planArena()
  const at = {
    task: plan.take(ratingSteps.bytes),
    userIndex: plan.take(ratings * 4),
    movieIndex: plan.take(ratings * 4),
    rating: plan.take(ratings * 4),
    offset: plan.take(ratings * 4),
    userRows: plan.take(users * width * 4),
    movieRows: plan.take(movies * width * 4),
    userScale: plan.take(users * 4),
    movieScale: plan.take(movies * 4),
  }
  const arena = plan.create()
  arena.u32(at.userIndex, ratings).set(plain.userIndex)
  arena.u32(at.movieIndex, ratings).set(plain.movieIndex)
  arena.f32(at.rating, ratings).set(plain.rating)
  arena.f32(at.userScale, users).set(plain.userScale)
  arena.f32(at.movieScale, movies).set(plain.movieScale)
  const userRows = arena.f32(at.userRows, users * width)
  const movieRows = arena.f32(at.movieRows, movies * width)
  for (let u = 0; u < users; u++) {
    userRows.set(plain.userFactors.subarray(u * k, (u + 1) * k), u * width)
    userRows.set([plain.userBias[u]!, 1], (u + 1) * width - 2)
  }
  for (let m = 0; m < movies; m++) {
    movieRows.set(plain.movieFactors.subarray(m * k, (m + 1) * k), m * width)
    movieRows.set([1, plain.movieBias[m]!], (m + 1) * width - 2)
  }
  const { task, ...addresses } = at
  const { lowest, span } = plain
  const constants = { rowBytes: width * 4, weightDecay, lowest, span }
  writeStruct(arena.view, task, ratingSteps, { ...addresses, ...constants })
  return { at, arena, width, userRows, movieRows }
}

const near = (actual: number, expected: number, what: string) =>
  assert.ok(
    Math.abs(actual - expected) <= 2e-5 * Math.max(1, Math.abs(expected)),
    `${what}: ${actual}, expected ${expected}`,
  )

for (const k of [1, 7, 16, 48, 50])
  for (const span of [0, 5])
    test(`a step for each of ${ratings} ratings, ${k} factors, span ${span}, as in TypeScript`, async () => {
      const plain = { ...prepare(k, true), lowest: span ? 0.25 : 0, span }
      const { at, arena, width, userRows, movieRows } = place(plain)
      const kernels = instantiateKernels(await compileKernels(), arena.memory)
      // One at a time: then there is no later rating whose gradient is taken before the step.
      let squared = 0
      let expected = 0
      for (let i = 0; i < ratings; i++) {
        squared += kernels.stepPerRating(at.task, i, i + 1, rate)
        expected += plainStepPerRating(plain, i, i + 1, rate, weightDecay)
      }
      near(squared, expected, 'squared error')
      for (let u = 0; u < users; u++) {
        for (let f = 0; f < k; f++)
          near(userRows[u * width + f]!, plain.userFactors[u * k + f]!, `user ${u}, factor ${f}`)
        near(userRows[(u + 1) * width - 2]!, plain.userBias[u]!, `bias of user ${u}`)
        assert.equal(userRows[(u + 1) * width - 1], 1, 'the constant beside a bias')
      }
      for (let m = 0; m < movies; m++) {
        for (let f = 0; f < k; f++)
          near(movieRows[m * width + f]!, plain.movieFactors[m * k + f]!, `movie ${m}, factor ${f}`)
        near(movieRows[(m + 1) * width - 1]!, plain.movieBias[m]!, `bias of movie ${m}`)
        assert.equal(movieRows[(m + 1) * width - 2], 1, 'the constant beside a bias')
      }
    })

for (const [name, isOneUser] of [
  ['four ratings of one user', true],
  ['four ratings of different users', false],
] as const)
  test(`${name}: all gradients are taken before the first step, and only whole rows move`, async () => {
    const k = 12
    const plain = { ...prepare(k, true), lowest: 0, span: 5 }
    plain.userIndex.set(isOneUser ? [3, 3, 3, 3] : [3, 1, 3, 2])
    plain.movieIndex.set([5, 6, 5, 7])
    const { at, arena, width, userRows, movieRows } = place(plain)
    const kernels = instantiateKernels(await compileKernels(), arena.memory)
    const squared = kernels.stepPerRating(at.task, 0, 4, rate)
    // The steps of the four from the weights at the start, then applied in order.
    const slopes = [0, 1, 2, 3].map((i) => {
      const [u, v] = [plain.userIndex[i]! * k, plain.movieIndex[i]! * k]
      let z = plain.userBias[plain.userIndex[i]!]! + plain.movieBias[plain.movieIndex[i]!]!
      for (let f = 0; f < k; f++) z += plain.userFactors[u + f]! * plain.movieFactors[v + f]!
      const sigma = 1 / (1 + Math.exp(-z))
      const error = plain.span * sigma - plain.rating[i]!
      return { error, slope: 2 * error * plain.span * sigma * (1 - sigma) }
    })
    near(
      squared,
      slopes.reduce((sum, { error }) => sum + error ** 2, 0),
      'squared error',
    )
    slopes.forEach(({ slope }, i) => {
      const [user, movie] = [plain.userIndex[i]!, plain.movieIndex[i]!]
      const keepUser = 1 - rate * weightDecay * plain.userScale[user]!
      const keepMovie = 1 - rate * weightDecay * plain.movieScale[movie]!
      for (let f = 0; f < k; f++) {
        const x = plain.userFactors[user * k + f]!
        const y = plain.movieFactors[movie * k + f]!
        plain.userFactors[user * k + f] = keepUser * x - rate * slope * y
        plain.movieFactors[movie * k + f] = keepMovie * y - rate * slope * x
      }
      plain.userBias[user] = keepUser * plain.userBias[user]! - rate * slope
      plain.movieBias[movie] = keepMovie * plain.movieBias[movie]! - rate * slope
    })
    for (let u = 0; u < users; u++)
      for (let f = 0; f < k; f++)
        near(userRows[u * width + f]!, plain.userFactors[u * k + f]!, `user ${u}, factor ${f}`)
    for (let m = 0; m < movies; m++) {
      for (let f = 0; f < k; f++)
        near(movieRows[m * width + f]!, plain.movieFactors[m * k + f]!, `movie ${m}, factor ${f}`)
      near(movieRows[(m + 1) * width - 1]!, plain.movieBias[m]!, `bias of movie ${m}`)
    }
  })
