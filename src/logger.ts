import { type Logger, pino } from 'pino'

/** JSON lines on standard error; headers that carry a key never reach them. */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      redact: ['req.headers.authorization', 'req.headers["x-api-key"]'],
    },
    pino.destination(2),
  )
}
