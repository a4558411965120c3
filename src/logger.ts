import { type Logger, pino } from 'pino'

/**
 * JSON lines on standard error; headers that carry a key never reach them. With `isBuffered` they
 * are written a tenth of a second later and many at once, and at the end of the process: a server
 * with a line for each answer would else spend more on writing them than on most answers. They are
 * written by this thread: to wake another one costs more than to write.
 */
export function createLogger(level: string, { isBuffered = false } = {}): Logger {
  const destination = pino.destination(
    isBuffered ? { dest: 2, sync: true, minLength: 8_192, periodicFlush: 100 } : 2,
  )
  if (isBuffered) process.once('exit', () => destination.flushSync())
  return pino(
    {
      level,
      redact: ['req.headers.authorization', 'req.headers["x-api-key"]'],
    },
    destination,
  )
}
