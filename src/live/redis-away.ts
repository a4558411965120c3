/** Redis gave no answer. */
export class RedisAway extends Error {}

/** The answer; a `RedisAway` error where there is none. */
export function answered<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw new RedisAway('Redis gave no answer.', { cause: error })
  })
}
