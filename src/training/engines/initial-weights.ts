import type { DenseLayer } from '../../model/model.ts'
import type { SteppedSpec } from '../../model/spec/training-spec.ts'
import type { Matrix } from '../../numeric/linear/matrix.ts'
import { createRandom, type Random } from '../../numeric/random/random.ts'
import type { TrainerTask, Weights } from '../trainer.ts'
import { withWarmRows } from '../warm-start/warm-rows.ts'

type Draw = (random: Random) => number
const uniform =
  (from: number, to: number): Draw =>
  (random) =>
    from + (to - from) * random.uniform()
const zero: Draw = () => 0
const smallNormal: Draw = (random) => 0.01 * random.normal()

type Beginning = { readonly [name in 'start' | 'warm']?: TrainerTask[name] | undefined }

/** The weights that a training begins with: drawn, and over that the vectors that it has. */
export function initialWeights(
  spec: SteppedSpec,
  users: number,
  movies: number,
  { start = null, warm }: Beginning = {},
): Weights {
  const drawn = drawnWeights(spec, users, movies, start)
  return warm ? withWarmRows(drawn, warm, start ?? null) : drawn
}

/**
 * The weights that a cold training starts from, drawn from the spec's seed, as the notebooks draw them:
 * `dot` U(0, 0.05), or as the book N(0, 0.01²); `dot-bias` normal with σ = 0.01, biases too; `net`
 * U(−0.01, 0.01) with PyTorch's default for its linear layers, U(−1/√inputs, 1/√inputs). Beside
 * biases to start from, those of `dot-bias` and the last layer of `net` are 0, which adds nothing,
 * and the first factors of the dot products have what the start says.
 */
function drawnWeights(
  spec: SteppedSpec,
  users: number,
  movies: number,
  start: Beginning['start'],
): Weights {
  const draw = (name: string, size: number, from: Draw) => {
    const random = createRandom(spec.seed, name)
    return Float32Array.from({ length: size }, () => from(random))
  }
  const matrix = (name: string, rows: number, columns: number, from: Draw): Matrix => ({
    rows,
    columns,
    data: draw(name, rows * columns, from),
  })
  const first = start?.firstFactor ?? 0
  const factors = (name: string, rows: number, columns: number, from: Draw): Matrix => {
    const drawn = matrix(name, rows, columns, from)
    for (let row = 0; row < rows; row++) drawn.data[row * columns]! += first
    return drawn
  }
  const noBias = { userBias: null, movieBias: null }
  switch (spec.algorithm) {
    case 'dot': {
      const from = spec.initialFactors === 'normal' ? smallNormal : uniform(0, 0.05)
      return {
        userFactors: factors('user-factors', users, spec.factors, from),
        movieFactors: factors('movie-factors', movies, spec.factors, from),
        ...noBias,
        layers: [],
      }
    }
    case 'dot-bias':
      return {
        userFactors: factors('user-factors', users, spec.factors, smallNormal),
        movieFactors: factors('movie-factors', movies, spec.factors, smallNormal),
        userBias: draw('user-bias', users, start ? zero : smallNormal),
        movieBias: draw('movie-bias', movies, start ? zero : smallNormal),
        layers: [],
      }
    case 'net':
      return {
        userFactors: matrix('user-factors', users, spec.userFactors, uniform(-0.01, 0.01)),
        movieFactors: matrix('movie-factors', movies, spec.movieFactors, uniform(-0.01, 0.01)),
        ...noBias,
        layers: initialLayers(spec, Boolean(start), matrix, draw),
      }
  }
}

function initialLayers(
  spec: Extract<SteppedSpec, { algorithm: 'net' }>,
  hasStart: boolean,
  matrix: (name: string, rows: number, columns: number, from: Draw) => Matrix,
  draw: (name: string, size: number, from: Draw) => Float32Array,
): DenseLayer[] {
  let inputs = spec.userFactors + spec.movieFactors
  return [...spec.hiddenLayers, 1].map((outputs, n) => {
    const bound = 1 / Math.sqrt(inputs)
    const isZero = hasStart && n === spec.hiddenLayers.length
    const from = isZero ? zero : uniform(-bound, bound)
    const weight = matrix(`layer-${n}-weight`, outputs, inputs, from)
    inputs = outputs
    return { weight, bias: draw(`layer-${n}-bias`, outputs, from) }
  })
}
