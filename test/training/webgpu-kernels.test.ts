import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { plainOptimizerStep } from '../support/plain-steps.ts'
import { onSwiftShader, runProgram } from '../support/swiftshader.ts'
import { kernelCases } from './kernel-cases.ts'

type Left = Record<'sums' | 'marks' | 'squared' | 'p' | 'm' | 'v', number[]>
type KernelCase = ReturnType<typeof kernelCases>[number]

let printed: Left[] | { missing: string }
before(async () => {
  printed = await runProgram(new URL('run-kernels.ts', import.meta.url), [], onSwiftShader)
})

/** In doubles: the gradient of every number of the tables, and Σ e². */
function plainGradient({ p, users, width, rating, ratingRange, ...one }: KernelCase) {
  const gradient = new Float64Array(p.length)
  let squared = 0
  for (const row of one.batch) {
    const u = one.userIndex[row]! * width
    const v = (users + one.movieIndex[row]!) * width
    let z = one.offset[row]!
    for (let f = 0; f < width; f++) z += p[u + f]! * p[v + f]!
    const [lowest, span] = ratingRange ? [ratingRange[0], ratingRange[1] - ratingRange[0]] : [0, 1]
    const sigma = 1 / (1 + Math.exp(-z))
    const error = (ratingRange ? lowest + span * sigma : z) - rating[row]!
    const g = (2 * error * (ratingRange ? span * sigma * (1 - sigma) : 1)) / one.count
    for (let f = 0; f < width; f++) {
      gradient[u + f]! += g * p[v + f]!
      gradient[v + f]! += g * p[u + f]!
    }
    squared += error * error
  }
  return { gradient, squared }
}

/** The gradient of a row as the kernel left it: a sum at its first place and one for each 16 on. */
function gradientLeft({ sums, marks }: Left, row: number, width: number, number: number) {
  const [stamp, first, end] = marks.slice(3 * row, 3 * row + 3) as [number, number, number]
  const gradient = new Float64Array(width)
  if (stamp !== number) return gradient
  for (let at = first; at < end; at = 16 * (Math.floor(at / 16) + 1))
    for (let f = 0; f < width; f++) gradient[f]! += sums[at * width + f]!
  return gradient
}

function near(actual: ArrayLike<number>, expected: ArrayLike<number>, what: string) {
  assert.equal(actual.length, expected.length)
  for (let i = 0; i < expected.length; i++) {
    const error = Math.abs(actual[i]! - expected[i]!)
    assert.ok(
      error <= 2e-5 * (1 + Math.abs(expected[i]!)),
      `${what} ${i}: ${actual[i]}, expected ${expected[i]}`,
    )
  }
}

for (const [i, one] of kernelCases().entries()) {
  const { optimizer, decay, algorithm } = one.spec

  test(`${algorithm}, ${optimizer}: the sums of each row are its gradient, and Σ e² is the loss`, (t) => {
    if ('missing' in printed) return t.skip(`there is no WebGPU adapter here: ${printed.missing}`)
    const left = printed[i]!
    const { gradient, squared } = plainGradient(one)
    for (let row = 0; row < one.rows; row++)
      near(
        gradientLeft(left, row, one.width, one.number),
        gradient.subarray(row * one.width, (row + 1) * one.width),
        `row ${row}, number`,
      )
    near([left.squared.reduce((sum, value) => sum + value, 0)], [squared], 'loss')
  })

  test(`${algorithm}, ${optimizer} with ${decay} decay moves every row, and no constant`, (t) => {
    if ('missing' in printed) return t.skip(`there is no WebGPU adapter here: ${printed.missing}`)
    const { gradient } = plainGradient(one)
    const [p, m, v] = [one.p, one.m, one.v].map((array) => Float64Array.from(array))
    const settings = { ...one.spec, optimizer: optimizer as 'adam' | 'sgd' }
    plainOptimizerStep({ p: p!, m: m!, v: v! }, gradient, settings, one.rates, one.number)
    for (let row = 0; one.hasBias && row < one.rows; row++)
      p![(row + 1) * one.width - (row < one.users ? 1 : 2)] = 1
    near(printed[i]!.p, p!, 'p')
    near(printed[i]!.m, m!, 'm')
    near(printed[i]!.v, v!, 'v')
  })
}
