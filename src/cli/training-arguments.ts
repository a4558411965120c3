import { MarqueeError } from '../errors.ts'
import { type TrainingSpec, trainingSpecSchema } from '../model/training-spec.ts'

/** The options that say what to train, as `parseArgs` wants them. */
export const trainingOptions = {
  ratings: { type: 'string' },
  algorithm: { type: 'string', default: 'dot-bias' },
  engine: { type: 'string' },
  seed: { type: 'string' },
  valid: { type: 'string' },
  set: { type: 'string', multiple: true },
} as const

/** What those options come to. */
export type TrainingArguments = {
  readonly ratings?: string | undefined
  readonly algorithm: string
  readonly engine?: string | undefined
  readonly seed?: string | undefined
  readonly valid?: string | undefined
  readonly set?: string[] | undefined
}

const ownOptions: Record<string, string> = {
  algorithm: '--algorithm',
  engine: '--engine',
  seed: '--seed',
  split: '--valid',
}

/** The training that the options ask for; an `invalid-request` error says what is wrong. */
export function readTraining({ algorithm, engine, seed, valid, set }: TrainingArguments) {
  const spec = trainingSpecSchema.safeParse({
    algorithm,
    ...(engine === undefined ? {} : { engine }),
    ...(seed === undefined ? {} : { seed: toNumber('--seed', seed) }),
    ...(valid === undefined ? {} : { split: { valid: toNumber('--valid', valid) } }),
    ...Object.fromEntries((set ?? []).map(readSetting)),
  })
  if (spec.success) return spec.data satisfies TrainingSpec
  const [issue] = spec.error.issues
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : ''
  throw invalid(`The training is not valid: ${where}${issue?.message}.`)
}

/** The number that an option was given, or an `invalid-request` error. */
export function toNumber(option: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(value)) throw invalid(`${option} ${text}: expected a number.`)
  return value
}

/** `epochs=5` to ['epochs', 5]: the value as JSON, or as text where it is not JSON. */
function readSetting(setting: string): [string, unknown] {
  const at = setting.indexOf('=')
  if (at < 1) throw invalid(`--set ${setting}: expected NAME=VALUE.`)
  const name = setting.slice(0, at)
  const value = setting.slice(at + 1)
  if (Object.hasOwn(ownOptions, name)) throw invalid(`--set ${name}: use ${ownOptions[name]}.`)
  try {
    return [name, JSON.parse(value)]
  } catch {
    return [name, value]
  }
}

/** What a user has got wrong on the command line. */
export function invalid(message: string, cause?: unknown): MarqueeError {
  return new MarqueeError('invalid-request', message, { cause })
}
