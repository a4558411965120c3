import { MarqueeError } from '../../errors.ts'
import { faultOf } from '../../redis/faults.ts'

const answerMs = 2_500

/**
 * The answer of Redis; a `queue-unavailable` error when it fails or is silent for too long, a
 * `redis-full` one where it has no memory for it.
 */
export async function answerInTime<T>(answer: Promise<T>, withinMs = answerMs): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Redis was silent')), withinMs)
  })
  try {
    return await Promise.race([answer, silence])
  } catch (error) {
    if (error instanceof MarqueeError) throw error
    const { code, sentence } = faultOf(error)
    throw new MarqueeError(
      code === 'OOM' ? 'redis-full' : 'queue-unavailable',
      `The job queue is not available. ${sentence}`,
      { cause: error },
    )
  } finally {
    clearTimeout(timer)
  }
}

/** What `ask` answers, asked at most once in so many milliseconds: who asks meanwhile has that answer. */
export function onceIn<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | null = null
  return () => {
    const now = performance.now()
    if (last === null || now - last.at >= ms) last = { answer: ask(), at: now }
    return last.answer
  }
}
