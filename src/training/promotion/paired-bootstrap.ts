import { createRandom, permutation } from '../../numeric/random/random.ts'

/**
 * What two models made of the same held-out rows, user by user, all [users]: a model's figure is
 * f(Σ sum ÷ Σ weight). Of squared errors f is the root and the weight the number of rows; of NDCG, f
 * is the identity and the weight 1.
 */
export type PairedSums = {
  readonly weight: Float64Array
  readonly candidate: Float64Array
  readonly serving: Float64Array
}

/** A figure of two models, the first less the second, and an interval of that. */
export type PairedFigure = {
  readonly candidate: number
  readonly serving: number
  readonly difference: number
  readonly low: number
  readonly high: number
  readonly users: number
}

const resamples = 2_000
/** The share of the resamples that lies outside of the interval: a half of it at each end. */
const outside = 0.02
const mostGroups = 4_096

/**
 * The difference of two models' figures with its 98 % interval, by the paired bootstrap (Efron &
 * Tibshirani, "An introduction to the bootstrap", 1993, chapters 8 and 13; for measures of lists,
 * Sakai, "Evaluating evaluation metrics based on the bootstrap", SIGIR 2006). Users are drawn with
 * replacement, each with all rows and what both models made of them: so a difficult user moves both
 * figures, and that the rows of one user are alike widens the interval as it must. More than 4,096
 * users are first put together at random into so many groups. There must be a user.
 */
export function pairedBootstrap(
  sums: PairedSums,
  f: (mean: number) => number,
  seed: number,
): PairedFigure {
  const { weight, candidate, serving } = inGroups(sums, seed)
  const size = weight.length
  const random = createRandom(seed, 'bootstrap')
  const differences = new Float64Array(resamples)
  for (let draw = 0; draw < resamples; draw++) {
    let [total, first, second] = [0, 0, 0]
    for (let i = 0; i < size; i++) {
      const user = random.below(size)
      total += weight[user]!
      first += candidate[user]!
      second += serving[user]!
    }
    differences[draw] = f(first / total) - f(second / total)
  }
  differences.sort()
  const total = sumOf(weight)
  const [first, second] = [f(sumOf(candidate) / total), f(sumOf(serving) / total)]
  const left = (resamples * outside) / 2
  return {
    ...{ candidate: first, serving: second, difference: first - second },
    ...{ low: differences[left - 1]!, high: differences[resamples - left]! },
    users: sums.weight.length,
  }
}

function inGroups(sums: PairedSums, seed: number): PairedSums {
  const users = sums.weight.length
  if (users <= mostGroups) return sums
  const places = permutation(users, createRandom(seed, 'bootstrap-groups'))
  const together = (values: Float64Array) => {
    const sum = new Float64Array(mostGroups)
    for (let user = 0; user < users; user++) sum[places[user]! % mostGroups]! += values[user]!
    return sum
  }
  return {
    weight: together(sums.weight),
    candidate: together(sums.candidate),
    serving: together(sums.serving),
  }
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
