import { z } from 'zod'

export const learningRatePointSchema = z.object({
  learningRate: z.number().describe('The rate of this step.'),
  loss: z.number().describe('Mean squared error of the batches up to this step, smoothed.'),
})
/** One step of a search for a learning rate. */
export type LearningRatePoint = z.infer<typeof learningRatePointSchema>

/** The result of a learning-rate search. */
export const learningRateSearchSchema = z
  .object({
    suggestion: z.number().describe('The rate to train with, as the peak of its schedule.'),
    points: z.array(learningRatePointSchema).describe('Rate and loss of each step, in order.'),
  })
  .meta({
    id: 'LearningRateSearch',
    description: 'What the learning-rate finder found; nothing of what it trained was kept.',
  })
export type LearningRateSearch = z.infer<typeof learningRateSearchSchema>
