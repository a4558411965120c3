import { MarqueeError } from '../errors.ts'
import { type TrainingSpec, trainingSpecSchema } from '../model/spec/training-spec.ts'
import type { Settings } from './settings.ts'

/** Options that say how to train, as they were given. */
export type TrainingOptions = {
  readonly engine?: string | undefined
  readonly seed?: string | undefined
  readonly valid?: string | undefined
  readonly split?: string | undefined
}

/** The training that options and settings ask for; an `invalid-request` error says what is wrong. */
export function readTraining(
  algorithm: string,
  options: TrainingOptions,
  settings: Settings,
): TrainingSpec {
  const spec = trainingSpecSchema.safeParse({ algorithm, ...commonOf(options), ...settings })
  if (spec.success) return spec.data
  const [issue] = spec.error.issues
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw invalid(`The training is not valid: ${where}${issue?.message}.`)
}

/** The members of a training or tuning that options name. */
export function commonOf({ engine, seed, valid, split }: TrainingOptions) {
  return {
    ...(engine === undefined ? {} : { engine }),
    ...(seed === undefined ? {} : { seed: toNumber('--seed', seed) }),
    split: {
      ...(valid === undefined ? {} : { valid: toNumber('--valid', valid) }),
      ...(split === undefined ? {} : { method: split }),
    },
  }
}

/** The number that an option was given, or an `invalid-request` error. */
export function toNumber(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw invalid(`${option} ${text}: expected a number.`)
  return value
}

/** What a user has got wrong on the command line. */
export function invalid(message: string, cause?: unknown): MarqueeError {
  return new MarqueeError('invalid-request', message, { cause })
}

/** What node:util's parseArgs has thrown, as one sentence, and a hint at what is expected. */
export function misused(cause: unknown, hint: string): MarqueeError {
  const [sentence] = (cause as Error).message.split(/\.\s/)
  return invalid(`${sentence}. ${hint}`, cause)
}
