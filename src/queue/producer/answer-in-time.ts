import { MarqueeError } from '../../errors.ts'
import { isRedisFull } from '../../redis/redis-full.ts'

const answerMs = 2_500

/**
 * The answer of Redis; a `queue-unavailable` error when it fails or is silent for too long, a
 * `redis-full` one where it has no memory for it.
 */
export async function answerInTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis was silent')), answerMs)
  })
  try {
    return await Promise.race([answer, silence])
  } catch (error) {
    if (error instanceof MarqueeError) throw error
    if (isRedisFull(error))
      throw new MarqueeError('redis-full', 'Redis has no memory left: nothing was kept.', {
        cause: error,
      })
    throw new MarqueeError(
      'queue-unavailable',
      'The job queue cannot be reached. Try again in some seconds.',
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
  }
}
