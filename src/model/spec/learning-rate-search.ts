import { z } from 'zod'

export const ratePointSchema = z.object({
  learningRate: z.number().describe('The rate of this step.'),
  loss: z.number().describe('Mean squared error of the batches up to this step, smoothed.'),
})
/** One step of a search for a learning rate. */
export type RatePoint = z.infer<typeof ratePointSchema>

/** What a search for a learning rate has found. */
export const rateSearchSchema = z
  .object({
    suggestion: z.number().describe('The rate to train with, as the peak of its schedule.'),
    points: z.array(ratePointSchema).describe('Rate and loss of each step, in order.'),
  })
  .describe('What the learning-rate finder found; nothing of what it trained was kept.')
export type RateSearch = z.infer<typeof rateSearchSchema>
