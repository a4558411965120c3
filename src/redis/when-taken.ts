import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { faultOf, isPassing } from './faults.ts'

const againMs = 500

/**
 * What is asked, asked again as long as Redis refuses it for a reason that passes: its memory is full,
 * its disk is, it loads. Any other error is thrown, and that one, too, once it `isOver`. The log tells
 * that a job waits and that it goes on.
 */
export async function whenTaken<T>(
  ask: () => Promise<T>,
  { logger, isOver = () => false }: { logger?: Logger | undefined; isOver?: () => boolean },
): Promise<T> {
  for (let isFirst = true; ; isFirst = false)
    try {
      const answer = await ask()
      if (!isFirst) logger?.info('Redis takes writes again: the job goes on.')
      return answer
    } catch (error) {
      if (!isPassing(error) || isOver()) throw error
      const { code, sentence } = faultOf(error)
      if (isFirst) logger?.warn({ code, reason: sentence }, 'The job waits for Redis.')
      await sleep(againMs)
    }
}
