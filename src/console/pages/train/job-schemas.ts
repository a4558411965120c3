import { type Field, fieldsOf } from '../../components/form/fields.ts'
import { alternatives, type OpenApiDocument, type Schema } from '../../state/openapi.ts'

export const kinds = {
  train: {
    title: 'Train a model',
    note: 'Fit it, measure it on ratings held out, and let it serve.',
  },
  'find-rate': {
    title: 'Find a learning rate',
    note: 'A minute that tells a good rate; nothing of it is kept.',
  },
  tune: { title: 'Tune', note: 'Try many settings on ratings set apart; the best can be trained.' },
} as const
export type Kind = keyof typeof kinds

export const algorithms = {
  bayes: { title: 'bayes', note: 'The most accurate, in seconds; no settings needed.' },
  'dot-bias': { title: 'dot-bias', note: 'Biases and vectors of users and movies.' },
  dot: { title: 'dot', note: 'Vectors alone, as the notebooks begin.' },
  net: { title: 'net', note: 'A small neural network over both vectors.' },
} as const
export type Algorithm = keyof typeof algorithms

/** `bayes` learns by no rate and has nothing to tune. */
export function algorithmsOf(kind: Kind): Algorithm[] {
  const all = Object.keys(algorithms) as Algorithm[]
  return kind === 'train' ? all : all.filter((name) => name !== 'bayes')
}

/** What people change most, in this order. */
const first = [
  ...['factors', 'userFactors', 'movieFactors', 'sweeps', 'epochs', 'learningRate'],
  ...['space', 'strategy', 'trials', 'minutes', 'trainWinner', 'promote', 'warmStart'],
]

/** The fields of such a job, those that people change most first. */
export function jobFields(
  document: OpenApiDocument,
  kind: Kind,
  algorithm: Algorithm,
): { basic: Field[]; further: Field[] } {
  const all = fieldsOf(document, schemaOf(document, kind, algorithm))
  return {
    basic: first.flatMap((wanted) => all.filter(({ name }) => name === wanted)),
    further: all.filter(({ name }) => !first.includes(name)),
  }
}

/** Of a search for a rate that is of the training which it is for. */
function schemaOf(document: OpenApiDocument, kind: Kind, algorithm: Algorithm): Schema {
  const requests = alternatives(document, document.components.schemas['JobRequest'] ?? {})
  const ofKind = requests.filter((one) => one.properties?.['kind']?.const === kind)
  const wanted =
    kind === 'find-rate'
      ? alternatives(document, ofKind[0]?.properties?.['training'] ?? {})
      : ofKind
  return wanted.find((one) => one.properties?.['algorithm']?.const === algorithm) ?? {}
}

/** What is asked for, as the form has it. */
export type Asked = {
  readonly kind: Kind
  readonly algorithm: Algorithm
  readonly values: Readonly<Record<string, unknown>>
}

/** The body that asks for it. */
export function requestOf({ kind, algorithm, values }: Asked): Record<string, unknown> {
  if (kind === 'find-rate') return { kind, training: { algorithm, ...values } }
  return { ...(kind !== 'train' && { kind }), algorithm, ...values }
}

/** The other way round; of anything else, a plain training. */
export function askedOf(body: unknown): Asked {
  const whole = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const kind = String(whole['kind'] ?? 'train') as Kind
  const part = (kind === 'find-rate' ? whole['training'] : whole) as Record<string, unknown>
  const { kind: _, algorithm, ...values } = part ?? {}
  const isKnown = kind in kinds && algorithmsOf(kind).includes(algorithm as Algorithm)
  return isKnown
    ? { kind, algorithm: algorithm as Algorithm, values }
    : { kind: 'train', algorithm: 'bayes', values: {} }
}
