import type { NetSpec } from '../../../../model/spec/training-spec.ts'
import { rowWidth } from '../../../../numeric/kernels/kernels.ts'
import type { Values } from '../../../../numeric/kernels/struct.ts'
import type { netLevel } from '../../../../numeric/kernels/structs.ts'
import type { Weights } from '../../../trainer.ts'

type Layers = Weights['layers']

/** Where the numbers of a net lie: its levels, and the weights between them in one row. */
export type NetLayout = {
  readonly userWidth: number
  readonly movieWidth: number
  /** What a layer reads, and the output: its numbers, with their weights' place among all. */
  readonly levels: readonly Level[]
  /** Floats of all weights. */
  readonly weights: number
  /** Floats of a row of all levels' signals. */
  readonly signals: number
}

type Level = Omit<Values<typeof netLevel.fields>, 'signals' | 'deltas' | 'oneAt' | 'weightsAt'> & {
  readonly one: number
  readonly weightsAt: number
}

const upTo = (multiple: number, size: number) => Math.ceil(size / multiple) * multiple

/** Numbers of an output's row: a place for it and three that are 0. */
const outputWidth = 4

export function layOut(spec: NetSpec): NetLayout {
  const { userFactors, movieFactors, hiddenLayers } = spec
  const [userWidth, movieWidth] = [rowWidth(userFactors), rowWidth(movieFactors)]
  const joined = {
    width: userWidth + movieWidth,
    units: userFactors + movieFactors,
    one: userFactors,
    gapAt: userFactors,
    gap: userWidth - userFactors,
    ...dropping(spec.embeddingDropout),
  }
  const hidden = hiddenLayers.map((units) => ({
    width: upTo(8, units + 1),
    ...{ units, one: units, gapAt: units, gap: 0 },
    ...dropping(spec.hiddenDropout),
  }))
  const output = { width: outputWidth, units: 1, one: 0, gapAt: 1, gap: 0, ...dropping(0) }
  const levels: Level[] = []
  let weights = 0
  const all = [joined, ...hidden, output]
  for (const [n, level] of all.entries()) {
    levels.push({ ...level, weightsAt: weights })
    weights += level.width * upTo(4, all[n + 1]?.units ?? 0)
  }
  const signals = levels.reduce((sum, { width }) => sum + width, 0)
  return { userWidth, movieWidth, levels, weights, signals }
}

/** A share of units as the numbers that a kernel compares with and multiplies by. */
function dropping(share: number) {
  return { dropBelow: Math.min(2 ** 32 - 1, Math.ceil(share * 2 ** 32)), keep: 1 / (1 - share) }
}

/** Writes the layers' weights into one row: a bias stands among the weights of its unit. */
export function packLayers(row: Float32Array, { levels }: NetLayout, layers: Layers): void {
  eachUnit(levels, layers, (unit, weight, bias, start, level) => {
    weight.forEach((value, i) => {
      row[start + placeOf(level, i)] = value
    })
    row[start + level.one] = bias[unit]!
  })
}

/** The inverse: copies the layers out of the row, in the shapes of `like`. */
export function unpackLayers(row: Float32Array, { levels }: NetLayout, like: Layers): Layers {
  const layers = like.map(({ weight, bias }) => ({
    weight: { ...weight, data: new Float32Array(weight.data.length) },
    bias: new Float32Array(bias.length),
  }))
  eachUnit(levels, layers, (unit, weight, bias, start, level) => {
    for (let i = 0; i < weight.length; i++) weight[i] = row[start + placeOf(level, i)]!
    bias[unit] = row[start + level.one]!
  })
  return layers
}

/** The place of an input in a row of its level. */
function placeOf({ gapAt, gap }: Level, input: number): number {
  return input < gapAt ? input : input + gap
}

function eachUnit(
  levels: readonly Level[],
  layers: Layers,
  visit: (
    unit: number,
    weight: Float32Array,
    bias: Float32Array,
    start: number,
    level: Level,
  ) => void,
): void {
  layers.forEach(({ weight: { data, rows, columns }, bias }, n) => {
    const level = levels[n]!
    for (let unit = 0; unit < rows; unit++)
      visit(
        unit,
        data.subarray(unit * columns, (unit + 1) * columns),
        bias,
        level.weightsAt + unit * level.width,
        level,
      )
  })
}
