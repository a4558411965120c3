/** Why Redis does not do what it is asked. */
export type RedisFault = {
  /** What Redis begins its answer with, or `AWAY`, `SILENT` and `TLS` where it gave none. */
  readonly code: string
  /** What is wrong, and what to do where something can be done; no address and no key. */
  readonly sentence: string
  /** Redis is there and says no, so that nothing was done. */
  readonly isRefusal: boolean
}

/** What Redis says no with, in the order they are looked for. */
const refusals: Readonly<Record<string, string>> = {
  NOAUTH: 'Redis asks for a password: put user and password into REDIS_URL.',
  WRONGPASS: 'Redis refuses the user or the password of REDIS_URL: correct them.',
  NOPERM:
    'The Redis user of REDIS_URL may not do this: allow it all commands that Marquee uses, EVAL and INFO among them, on the keys that begin with MARQUEE_QUEUE_PREFIX.',
  CROSSSLOT:
    'Redis spreads the keys over a cluster: put MARQUEE_QUEUE_PREFIX in braces, as in {marquee}, and start this process again.',
  MOVED:
    'Another node of the Redis cluster has the keys now: try again in some seconds; if it stays so, put MARQUEE_QUEUE_PREFIX in braces, as in {marquee}.',
  ASK: 'The keys are moving to another node of the Redis cluster: try again in some seconds.',
  TRYAGAIN: 'The keys are moving to another node of the Redis cluster: try again in some seconds.',
  CLUSTERDOWN:
    'The Redis cluster is down because nodes of it are missing: it goes on once they are back.',
  READONLY:
    'Redis is a replica, which takes no writes: REDIS_URL must name the master, or the Sentinels.',
  MASTERDOWN: 'Redis is a replica that has lost its master: it goes on once the master is back.',
  OOM: 'The memory of Redis is full: give it more (maxmemory), or fold live ratings and delete old keys.',
  LOADING: 'Redis is loading its data after a start: try again in some seconds.',
  BUSY: 'Redis is busy with a script of somebody: try again in some seconds.',
  MISCONF: 'Redis cannot write its files, so it takes no writes: see its log and its disk.',
  NOREPLICAS:
    'Redis has fewer replicas than it wants (min-replicas-to-write), so it takes no writes.',
  UNBLOCKED: 'Redis became a replica: try again in some seconds.',
  DENIED: 'Redis is in protected mode: give it a password, or bind it to an address.',
}

/** What Redis refuses for a while, until somebody or something has mended it. */
const passing: ReadonlySet<string> = new Set([
  ...['OOM', 'MISCONF', 'NOREPLICAS', 'READONLY', 'MASTERDOWN', 'UNBLOCKED'],
  ...['LOADING', 'BUSY', 'CLUSTERDOWN', 'TRYAGAIN', 'MOVED', 'ASK'],
])

/** Whether Redis, as it is, would take the same again once what is wrong with it is over. */
export function isPassing(error: unknown): boolean {
  return passing.has(faultOf(error).code)
}

const certificate =
  /certificate|CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|EPROTO|wrong version number|SSL routines/i

/** The fault that an error is of, or those that caused it; never an address. */
export function faultOf(error: unknown): RedisFault {
  const errors = withCauses(error)
  for (const { message } of errors) {
    const code = Object.keys(refusals).find((word) =>
      new RegExp(`(?:^|[\\s-])${word}(?:\\s|$)`).test(message),
    )
    if (code !== undefined) return { code, sentence: refusals[code]!, isRefusal: true }
    if (/unknown command|SELECT is not allowed|DB index is out of range/i.test(message))
      return refusal('Redis does not know a command or the database that it was asked for.')
  }
  const texts = errors.map((one) => `${(one as NodeJS.ErrnoException).code ?? ''} ${one.message}`)
  const text = texts.join(' ')
  if (certificate.test(text))
    return {
      code: 'TLS',
      sentence:
        'No TLS connection to Redis came about: is REDIS_URL right to say rediss://, does MARQUEE_REDIS_CA name the authority that signed its certificate, and has it been given MARQUEE_REDIS_CERT where it asks for one?',
      isRefusal: false,
    }
  if (/EACCES/.test(text)) return away('this process may not open its socket')
  if (/ENOENT/.test(text)) return away('there is no such socket')
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return away('its name is not found')
  if (/sentinel/i.test(text)) return away('the Sentinels do not say where the master is')
  if (/timed out|ETIMEDOUT|silent|Socket timeout/i.test(text))
    return { code: 'SILENT', sentence: 'Redis gave no answer in time.', isRefusal: false }
  const name = (errors.at(-1) as { name?: string } | undefined)?.name
  if (name === 'ReplyError') return refusal('Redis refuses what it was asked: see the log.')
  return away()
}

function refusal(sentence: string): RedisFault {
  return { code: 'ERR', sentence, isRefusal: true }
}

function away(why = ''): RedisFault {
  const sentence = `Redis cannot be reached${why === '' ? '' : `: ${why}`}.`
  return { code: 'AWAY', sentence, isRefusal: false }
}

/** An error, what caused it, and so on. */
function withCauses(error: unknown): Error[] {
  const errors: Error[] = []
  for (let next = error; next instanceof Error && !errors.includes(next); next = next.cause)
    errors.push(next, ...(next instanceof AggregateError ? (next.errors as Error[]) : []))
  return errors
}
