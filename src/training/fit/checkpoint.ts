import { MarqueeError } from '../../errors.ts'
import type { EpochReport } from '../../model/epoch-report.ts'
import {
  decodeTensors,
  encodeTensors,
  type Tensor,
  type TensorFile,
} from '../../model/file/safetensors.ts'
import type { TrainingSpec } from '../../model/spec/training-spec.ts'
import type { Weights } from '../trainer.ts'

/** Where a training's progress is kept, so that a killed one can go on where it was. */
export type Checkpoints = {
  /** The bytes saved last, or null. */
  load(): Promise<Uint8Array | null>
  /** Keeps the progress after so many epochs. */
  save(parts: readonly Uint8Array[], epochs: number): Promise<void>
  /** At least this long passes between two saves; 0 saves after every epoch. */
  readonly intervalMs: number
}

/** A training between two epochs. */
export type Progress = {
  readonly epochs: readonly EpochReport[]
  /** With early stopping, the error of each epoch that decides, and the best epoch's weights. */
  readonly innerErrors: readonly number[]
  readonly best: Weights | null
  /** The trainer's own state. */
  readonly trainer: Uint8Array
}

const format = 'marquee-checkpoint'

/**
 * A checkpoint is a safetensors file: `trainer` U8, the best weights' arrays where there are any,
 * and as metadata the rest as JSON, with what it belongs to. `task` tells one training from
 * another.
 */
export function encodeProgress(progress: Progress, task: string): Uint8Array[] {
  const { epochs, innerErrors, best, trainer } = progress
  const tensors = new Map<string, Tensor>([['trainer', { shape: [trainer.length], data: trainer }]])
  for (const [name, data] of Object.entries(arraysOf(best)))
    tensors.set(name, { shape: [data.length], data })
  return encodeTensors(tensors, { format, task, state: JSON.stringify({ epochs, innerErrors }) })
}

/**
 * Null when the bytes are damaged or no checkpoint of this task: then a training starts anew.
 * `like` gives the weights' shapes.
 */
export function decodeProgress(bytes: Uint8Array, task: string, like: Weights): Progress | null {
  const { tensors, metadata } = decode(bytes)
  if (metadata['format'] !== format || metadata['task'] !== task) return null
  const state = JSON.parse(metadata['state'] ?? '{}') as Pick<Progress, 'epochs' | 'innerErrors'>
  const data = (name: string) => tensors.get(`best.${name}`)?.data as Float32Array | undefined
  const factors = data('userFactors')
  return {
    ...state,
    trainer: tensors.get('trainer')!.data as Uint8Array,
    best: factors
      ? {
          userFactors: { ...like.userFactors, data: factors },
          movieFactors: { ...like.movieFactors, data: data('movieFactors')! },
          userBias: data('userBias') ?? null,
          movieBias: data('movieBias') ?? null,
          layers: like.layers.map(({ weight }, n) => ({
            weight: { ...weight, data: data(`layers.${n}.weight`)! },
            bias: data(`layers.${n}.bias`)!,
          })),
        }
      : null,
  }
}

function decode(bytes: Uint8Array): Pick<TensorFile, 'tensors' | 'metadata'> {
  try {
    return decodeTensors(bytes)
  } catch (error) {
    if (error instanceof MarqueeError) return { tensors: new Map(), metadata: {} }
    throw error
  }
}

/** Name of a training, other for other rows, other settings or an engine of another layout. */
export function taskOf(
  spec: TrainingSpec,
  trainRows: number,
  weights: Weights,
  layout: string,
): string {
  const { userFactors, movieFactors } = weights
  return JSON.stringify([spec, layout, trainRows, userFactors.rows, movieFactors.rows])
}

function arraysOf(weights: Weights | null): Record<string, Float32Array> {
  if (!weights) return {}
  const { userFactors, movieFactors, userBias, movieBias, layers } = weights
  const ofLayers = layers.flatMap(({ weight, bias }, n) => [
    [`best.layers.${n}.weight`, weight.data],
    [`best.layers.${n}.bias`, bias],
  ])
  return {
    'best.userFactors': userFactors.data,
    'best.movieFactors': movieFactors.data,
    ...(userBias && movieBias ? { 'best.userBias': userBias, 'best.movieBias': movieBias } : {}),
    ...Object.fromEntries(ofLayers),
  }
}
