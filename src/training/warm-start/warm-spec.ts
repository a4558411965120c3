import type { ResolvedSpec, TrainingSpec } from '../../model/spec/training-spec.ts'
import { plannedEpochs } from '../learning-rate/schedule.ts'

/** What a warm start takes of the epochs of a cold one, of its peak rate, its sweeps and burn-in. */
const shares = { epochs: 1 / 2, rate: 3 / 4, sweeps: 2 / 5, burnIn: 1 / 10 }

/**
 * A training that starts from vectors which were fitted before: half of the epochs, from three
 * quarters of the highest rate down to 0 (a cosine), without a rise before; of `bayes` two fifths of
 * the sweeps after a tenth of the burn-in, which is lengthened as ever until the training error has
 * settled. Chosen on splits of MovieLens 100K with 5 % of new ratings (seeds 11 to 16): with three
 * eighths of the epochs two of six were worse by more than 0.001. `npm run bench:warm-start` prints
 * what comes out of seeds 1 to 5.
 */
export function warmSpec(spec: ResolvedSpec): ResolvedSpec {
  if ('sweeps' in spec)
    return {
      ...spec,
      sweeps: Math.ceil(shares.sweeps * spec.sweeps),
      burnIn: Math.ceil(shares.burnIn * spec.burnIn),
    }
  const epochs = Math.ceil(shares.epochs * plannedEpochs(spec))
  const rates = spec.schedule === 'phases' ? spec.phases.map((phase) => phase.learningRate) : []
  return {
    ...spec,
    ...{ epochs, phases: [], schedule: 'cosine', cycleLength: epochs },
    learningRate: shares.rate * Math.max(...(rates.length > 0 ? rates : [spec.learningRate])),
  }
}

/**
 * The spec with what is "auto" as it was found for the vectors that it starts from; a learning rate only by
 * the same optimizer, which with a rate to be found is "adam" where it is "auto".
 */
export function asFoundBefore(spec: TrainingSpec, before: TrainingSpec): TrainingSpec {
  const { ranking } = spec
  const found = before.ranking
  const numbers = ranking && found && { ...ranking, ...foundOf(ranking, found) }
  const same = { ...spec, ranking: numbers ?? ranking }
  if (same.algorithm === 'bayes' || before.algorithm === 'bayes') return same
  if (same.learningRate !== 'auto') return same
  const optimizer = same.optimizer === 'auto' ? 'adam' : same.optimizer
  if (before.optimizer !== optimizer) return same
  const rated = { ...same, learningRate: before.learningRate }
  return rated.algorithm === 'net' ? rated : { ...rated, optimizer }
}

type Ranking = NonNullable<TrainingSpec['ranking']>

function foundOf(asked: Ranking, found: Ranking): Partial<Ranking> {
  const names = ['factors', 'unobservedWeight', 'regularization', 'priorRatings'] as const
  return Object.fromEntries(
    names.filter((name) => asked[name] === 'auto').map((name) => [name, found[name]]),
  )
}
