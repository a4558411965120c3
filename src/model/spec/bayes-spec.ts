import { z } from 'zod'
import { runFields } from './run-fields.ts'

/** A training by Gibbs sampling, with the defaults that inner splits chose. */
export const bayesSpecSchema = z
  .strictObject({
    algorithm: z.literal('bayes'),
    factors: z
      .int()
      .min(1)
      .max(255)
      .default(15)
      .describe('Numbers in the vector of each user and movie while it samples.'),
    sweeps: z
      .union([z.int().min(1).max(10_000), z.literal('auto')])
      .default('auto')
      .describe(
        'Draws of all vectors that are averaged; an epoch is one of them. "auto": 250, on fewer than 64,000 ratings more, 1,000 at most, and fewer on more than a million.',
      ),
    burnIn: z
      .union([z.int().min(0).max(10_000), z.literal('auto')])
      .default('auto')
      .describe(
        'Draws before those, not averaged: so many, and up to four times as many until the training error has settled. "auto": 100, and fewer on more than a million ratings.',
      ),
    // One after the other, and not parts that other workers take: of 1, 2 and 4 chains of 250 sweeps
    // the RMSE of ML-100K's u1 is 0.8835, 0.8832, 0.8827 (of one of 500 sweeps 0.8833), and of u2 0.8761,
    // 0.8749, 0.8751 (0.8757; of 1,000 0.8756).
    chains: z
      .int()
      .min(1)
      .max(100)
      .default(1)
      .describe('Samplings from different beginnings, all averaged.'),
    bagOfMovies: z
      .boolean()
      .default(true)
      .describe('Whether what a user rated, and not only how, says what the user is like.'),
    bagOfUsers: z
      .boolean()
      .default(true)
      .describe('Whether who rated a movie, and not only how, says what the movie is like.'),
    attributes: z
      .boolean()
      .default(true)
      .describe('Whether what is known of users and movies besides their ratings is used.'),
    savedFactors: z
      .int()
      .min(1)
      .max(64)
      .default(64)
      .describe('Numbers in the vectors that are saved: the average, compressed.'),
    ...runFields,
    engine: runFields.engine.refine((engine) => engine === 'auto' || engine === 'simd', {
      message: 'algorithm "bayes" runs on engine "simd" alone; expected "auto" or "simd"',
    }),
    earlyStopping: z
      .null({ error: '"bayes" averages all of its sweeps and has none to stop at; expected null' })
      .default(null),
  })
  .meta({
    id: 'BayesSpec',
    description:
      'Bayesian matrix factorisation by Gibbs sampling: the mean of what many factorisations that fit predict.',
  })
