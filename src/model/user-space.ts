import type { DenseLayer, Model } from './model.ts'

/**
 * A model as a function of the user vector: a vector x [size] stands for a user and every movie is
 * a function z(x) of it: x = [u; b_u], where there are biases, and z = u·v + b_u + b_m, or the
 * network's output at u for u·v. `ratingOf` makes stars of z.
 */
export type UserSpace = {
  readonly size: number
  /** Whether z is linear in x. */
  readonly isLinear: boolean
  /** The vector of a trained user, into `out`. */
  trained(userIndex: number, out: Float64Array): void
  /** z of a movie at x. */
  at(x: Float64Array, movieIndex: number): number
  /** The same; ∂z/∂x [size] goes into `gradient`. */
  slope(x: Float64Array, movieIndex: number, gradient: Float64Array): number
  /** r̂ = lo + (hi − lo)·σ(z) with a range, else z; not put into the scale. */
  ratingOf(z: number): number
  /** dr̂/dz where r̂ is this rating; an exponential less than by z. */
  ratingSlope(rating: number): number
}

/** The part of a model that its user space is made of. */
export type UserModel = Pick<
  Model,
  'userFactors' | 'movieFactors' | 'userBias' | 'movieBias' | 'layers' | 'ratingRange'
>

/** The user space of any model. */
export function createUserSpace(model: UserModel): UserSpace {
  const space = model.layers.length === 0 ? linearSpace(model) : networkSpace(model)
  return { ...space, ...linkOf(model) }
}

type Link = Pick<UserSpace, 'ratingOf' | 'ratingSlope'>
type Space = Omit<UserSpace, keyof Link>

function linkOf({ ratingRange }: UserModel): Link {
  if (!ratingRange) return { ratingOf: (z) => z, ratingSlope: () => 1 }
  const [lowest, highest] = ratingRange
  const share = (z: number) => 1 / (1 + Math.exp(-z))
  return {
    ratingOf: (z) => lowest + (highest - lowest) * share(z),
    ratingSlope: (rating) => ((rating - lowest) * (highest - rating)) / (highest - lowest),
  }
}

function linearSpace({ userFactors, movieFactors, userBias, movieBias }: UserModel): Space {
  const k = userFactors.columns
  return {
    size: userBias ? k + 1 : k,
    isLinear: true,
    trained(user, out) {
      for (let i = 0; i < k; i++) out[i] = userFactors.data[user * k + i]!
      if (userBias) out[k] = userBias[user]!
    },
    at(x, movie) {
      const { data } = movieFactors
      const from = movie * k
      let even = (movieBias ? movieBias[movie]! : 0) + (userBias ? x[k]! : 0)
      let odd = 0
      let i = 0
      for (; i + 2 <= k; i += 2) {
        even += x[i]! * data[from + i]!
        odd += x[i + 1]! * data[from + i + 1]!
      }
      for (; i < k; i++) even += x[i]! * data[from + i]!
      return even + odd
    },
    slope(x, movie, gradient) {
      let z = (movieBias ? movieBias[movie]! : 0) + (userBias ? x[k]! : 0)
      const from = movie * k
      for (let i = 0; i < k; i++) {
        const value = movieFactors.data[from + i]!
        gradient[i] = value
        z += x[i]! * value
      }
      if (userBias) gradient[k] = 1
      return z
    },
  }
}

/** A forward pass, and the derivative carried back through the ReLUs that were open. */
function networkSpace(model: UserModel): Space {
  const { userFactors, movieFactors, userBias, movieBias, layers } = model
  const k = userFactors.columns
  const movieColumns = movieFactors.columns
  const inputs = [k + movieColumns, ...layers.map(({ weight }) => weight.rows)]
  const values = inputs.map((size) => new Float64Array(size))
  const slopes = inputs.map((size) => new Float64Array(size))
  const at = (x: Float64Array, movie: number) => {
    values[0]!.set(x.subarray(0, k))
    const from = movie * movieColumns
    values[0]!.set(movieFactors.data.subarray(from, from + movieColumns), k)
    layers.forEach((layer, n) => {
      forward(layer, values[n]!, values[n + 1]!, n === layers.length - 1)
    })
    return values.at(-1)![0]! + (userBias ? x[k]! : 0) + (movieBias ? movieBias[movie]! : 0)
  }
  return {
    size: userBias ? k + 1 : k,
    isLinear: false,
    trained(user, out) {
      for (let i = 0; i < k; i++) out[i] = userFactors.data[user * k + i]!
      if (userBias) out[k] = userBias[user]!
    },
    at,
    slope(x, movie, gradient) {
      const z = at(x, movie)
      slopes.at(-1)![0] = 1
      for (let n = layers.length - 1; n >= 0; n--)
        backward(layers[n]!, values[n + 1]!, slopes[n + 1]!, slopes[n]!, n === layers.length - 1)
      gradient.set(slopes[0]!.subarray(0, k))
      if (userBias) gradient[k] = 1
      return z
    },
  }
}

function forward(
  { weight, bias }: DenseLayer,
  input: Float64Array,
  output: Float64Array,
  isLast: boolean,
): void {
  for (let unit = 0; unit < weight.rows; unit++) {
    let sum = bias[unit]!
    for (let i = 0; i < input.length; i++) sum += weight.data[unit * input.length + i]! * input[i]!
    output[unit] = isLast ? sum : Math.max(0, sum)
  }
}

function backward(
  { weight }: DenseLayer,
  output: Float64Array,
  ofOutput: Float64Array,
  ofInput: Float64Array,
  isLast: boolean,
): void {
  ofInput.fill(0)
  for (let unit = 0; unit < weight.rows; unit++) {
    if (!isLast && output[unit]! <= 0) continue
    for (let i = 0; i < ofInput.length; i++)
      ofInput[i]! += weight.data[unit * ofInput.length + i]! * ofOutput[unit]!
  }
}
