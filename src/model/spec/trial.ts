import { z } from 'zod'
import { type SteppedSpec, steppedSpecSchema } from './training-spec.ts'
import { parseCandidate, settingsSchema, type TuningSpec } from './tuning-spec.ts'

export const trialSchema = z
  .object({
    trial: z.int().describe('Which setting, from 1 in the order drawn.'),
    round: z.int().describe('From 1; "random" has one, "halving" has more with more epochs each.'),
    share: z.number().describe('Of its epochs; 1 is a training in full.'),
    settings: settingsSchema.describe('The hyper-parameters drawn.'),
    epochs: z.int().describe('Epochs trained.'),
    validMse: z
      .number()
      .nullable()
      .describe(
        'Mean squared error on the inner validation rows; null when the training diverged.',
      ),
    seconds: z.number(),
  })
  .meta({ id: 'Trial' })
/** One training of a tuning. */
export type Trial = z.infer<typeof trialSchema>

export const tuningResultSchema = z
  .object({
    trials: z.array(trialSchema).describe('The trials so far, in the order they ended.'),
    winner: steppedSpecSchema
      .nullable()
      .describe('The best so far as a training job that can be asked for; null before the first.'),
  })
  .meta({ id: 'TuningResult', description: 'What a tuning has found.' })
export type TuningResult = z.infer<typeof tuningResultSchema>

/**
 * The trial with the lowest error among those trained for the largest share, of equal ones the first
 * that was drawn, whatever their order; null without any.
 */
export function bestTrial(trials: readonly Trial[]): Trial | null {
  const better = (a: Trial, b: Trial) => {
    if (a.share !== b.share) return a.share > b.share
    return a.validMse! < b.validMse! || (a.validMse === b.validMse && a.trial < b.trial)
  }
  return trials
    .filter(({ validMse }) => validMse !== null)
    .reduce<Trial | null>((best, trial) => (best && !better(trial, best) ? best : trial), null)
}

/**
 * The training that the best trial speaks for, on the split that was asked for; null without any.
 */
export function winnerOf(tuning: TuningSpec, trials: readonly Trial[]): SteppedSpec | null {
  const best = bestTrial(trials)
  return best && (parseCandidate(tuning, best.settings).data ?? null)
}
