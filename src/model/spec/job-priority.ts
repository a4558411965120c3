import { z } from 'zod'

/** The priority of a job that was asked for without one. */
export const defaultPriority = 5

/** Of waiting jobs the one with the lowest number is taken first, as BullMQ has it. */
export const prioritySchema = z
  .int()
  .min(1)
  .max(9)
  .meta({
    id: 'Priority',
    description: `Which of the waiting jobs a worker takes first: those of 1 before those of 9, and of one number the oldest, but one that a worker has left to others, for its kind or engine, may be overtaken; ${defaultPriority} unless given.`,
  })
  .optional()
