import { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { faultOf } from './faults.ts'
import type { ConnectOptions } from './options.ts'

/** What a connection has in the way of its handshake goes ahead of all else. */
const handshake = new Set(['hello', 'auth', 'select', 'client', 'readonly', 'info'])
/** A refusal is logged again after so long. */
const againMs = 60_000

/** Answers that say that the master is elsewhere now. */
const moved = /^(READONLY|UNBLOCKED)\b/
const movedInCluster = /^(MOVED|ASK|READONLY|UNBLOCKED)\b/

/**
 * A connection that says why: a command that fails because there is no connection fails with the
 * reason for that, and what Redis refuses, or why it is away, is logged. It looks for the master
 * anew where the one that it has is none any more; a command that may wait is then sent again.
 */
export class Connection extends Redis {
  /** Why there is no connection, or none that is of use. */
  readonly #away: { reason: Error | null }

  constructor(
    options: ConnectOptions,
    { logger, isPlaced }: { readonly logger: Logger; readonly isPlaced: boolean },
  ) {
    const refused = new Map<string, number>()
    const away: { reason: Error | null } = { reason: null }
    const waits = options.enableOfflineQueue !== false
    super({
      ...options,
      reconnectOnError: (error) => {
        logRefusal(error, refused, logger)
        if (!(isPlaced ? movedInCluster : moved).test(error.message)) return false
        away.reason = error
        return waits ? 2 : 1
      },
    })
    this.#away = away
    this.#logOutages(logger)
    this.on('connect', () => this.#noticeLoading())
  }

  override sendCommand(...args: Parameters<Redis['sendCommand']>): unknown {
    const [command] = args
    const isConnected = this.status === 'connect' && handshake.has(command.name)
    const mayWait = this.options.enableOfflineQueue !== false || this.status === 'wait'
    if (this.#away.reason === null || mayWait || isConnected) return super.sendCommand(...args)
    command.reject(this.#away.reason)
    return command.promise
  }

  #logOutages(logger: Logger): void {
    /** Of this outage. */
    const told = new Set<string>()
    const tell = () => {
      const { code, sentence, isRefusal } = faultOf(this.#away.reason)
      if (told.has(sentence)) return
      told.add(sentence)
      const reason = { code, reason: sentence, err: this.#away.reason }
      if (isRefusal) logger.warn(reason, 'Redis cannot be used.')
      else logger.warn(reason, 'Redis is away.')
    }
    this.on('error', (error) => {
      this.#away.reason = error
      tell()
    })
    this.on('reconnecting', () => {
      this.#away.reason ??= new Error('The connection was closed.')
      tell()
    })
    this.on('ready', () => {
      this.#away.reason = null
      if (told.size > 0) logger.info('Redis is back.')
      told.clear()
    })
  }

  /** While it loads, Redis takes connections, and ioredis waits in silence. */
  #noticeLoading(): void {
    this.info('persistence').then(
      (text) => {
        if (this.status === 'connect' && /^loading:1/m.test(text))
          this.emit('error', new Error('LOADING Redis is loading the dataset in memory'))
      },
      () => {},
    )
  }
}

function logRefusal(error: Error, refused: Map<string, number>, logger: Logger): void {
  const { code, sentence, isRefusal } = faultOf(error)
  if (!isRefusal || code === 'ERR') return
  const now = performance.now()
  if (now - (refused.get(code) ?? Number.NEGATIVE_INFINITY) < againMs) return
  refused.set(code, now)
  logger.warn({ code, reason: sentence, err: error }, 'Redis refuses a command.')
}
