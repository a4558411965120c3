import type { Socket } from 'node:net'
import { performance } from 'node:perf_hooks'
import { finished } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import type { Logger } from 'pino'
import { MarqueeError } from '../errors.ts'
import { accessOf } from './access.ts'
import type { App } from './app-type.ts'

/**
 * A dear question waits for its turn for so long at most, in milliseconds: in a burst, and where there
 * have been some waiting for all of the last `calmMs`.
 */
const mostWaitMs = { burst: 1_000, overload: 70 } as const
/** So few that wait are no overload, as where ten clients each wait for their answer. */
const fewWaiting = 12
/** Any other is refused where the event loop comes round as late as this, in milliseconds, again and again. */
const mostLateMs = 120
const leastRounds = 8
/** Of dear questions so much is answered in one turn of the event loop, in milliseconds. */
const turnMs = 4
/** While connections are waiting to be accepted, dear questions stand back for so long. */
const mostStandBackMs = 20
/** So many answers are made at once that take long, line by line or by reading the store. */
const mostLong = 16
/** A client that takes nothing of a long answer for so long has left its place to others. */
const mostStallMs = 30_000
/** How often the event loop is asked to come round while requests arrive. */
const everyMs = 10
/** Without a request for so long it is asked no more; refusals are told of as often. */
const calmMs = 1_000

type Waiting = {
  readonly request: FastifyRequest
  readonly since: number
  go(error?: Error): void
}

/** What the configuration of a route says of its answers; those of probes are always given. */
type Weight = { isDear?: boolean; isLong?: boolean; isProbe?: boolean }

/**
 * Refuses with `overloaded` what would only wait (load shedding). A few dear questions are answered in a
 * turn of the event loop, so that probes, cheap questions and new connections, of which Node accepts one
 * a turn, come between. Bursts are worked off; where the queue does not empty, who has waited for long
 * is sent away (controlled delay: Nichols and Jacobson, "Controlling Queue Delay", 2012), as are those
 * whose clients have gone. Probes are always answered.
 */
export function shedLoad(app: App, logger: Logger): void {
  const refusals = countRefusals(logger)
  const clock = createClock()
  const queue = createQueue()
  let long = 0
  app.server.on('connection', queue.standBack)
  app.addHook('onRequest', (request, reply, done) => {
    const config = request.routeOptions.config as Weight
    if (accessOf(config) === 'anyone' || config.isProbe) return done()
    const go = (error?: Error) => {
      if (error) {
        refusals.count()
        refused.add(request)
      }
      done(error)
    }
    if (clock.isLate() || (config.isLong && long >= mostLong)) return go(overloaded())
    if (config.isLong) {
      long += 1
      const unwatch = endWhenStalled(request.raw.socket)
      finished(reply.raw, () => {
        long -= 1
        unwatch()
      })
    }
    if (config.isDear || config.isLong) queue.add({ request, since: performance.now(), go })
    else done()
  })
  app.addHook('onClose', async () => clock.stop())
}

const refused = new WeakSet<FastifyRequest>()

/** Whether a request was refused here: the log tells how many were. */
export function wasShed(request: FastifyRequest): boolean {
  return refused.has(request)
}

function endWhenStalled(socket: Socket): () => void {
  let before = -1
  const look = () => {
    const isStalled = socket.writableLength > 0 && socket.bytesWritten === before
    before = socket.bytesWritten
    if (isStalled) socket.destroy()
  }
  const timer = setInterval(look, mostStallMs).unref()
  return () => clearInterval(timer)
}

function overloaded(): MarqueeError {
  return new MarqueeError('overloaded', 'More is asked than this server can answer in time.')
}

/** Dear questions, some milliseconds of them in each turn of the event loop. */
function createQueue(): { add(waiting: Waiting): void; standBack(): void } {
  const waiting: Waiting[] = []
  let isArmed = false
  let spent = 0
  let hasAccepted = false
  let lastGo = 0
  let emptyAt = 0

  const arm = () => {
    if (!isArmed) setImmediate(turn)
    isArmed = true
  }
  const isOver = ({ request, since }: Waiting, now: number) => {
    const isOverload = now - emptyAt > calmMs && waiting.length > fewWaiting
    const mostMs = isOverload ? mostWaitMs.overload : mostWaitMs.burst
    return now - since > mostMs || request.raw.destroyed
  }
  const go = (one: Waiting, now: number) => {
    one.go()
    lastGo = performance.now()
    spent += lastGo - now
  }
  const turn = () => {
    isArmed = false
    spent = 0
    let now = performance.now()
    const standsBack = hasAccepted && now - lastGo < mostStandBackMs
    hasAccepted = false
    for (; waiting.length > 0; now = performance.now()) {
      const next = waiting[0]!
      if (isOver(next, now)) waiting.shift()!.go(overloaded())
      else if (standsBack || spent >= turnMs) break
      else go(waiting.shift()!, now)
    }
    if (waiting.length > 0) arm()
    else emptyAt = now
  }
  return {
    add(one) {
      arm()
      if (waiting.length === 0 && !hasAccepted && spent < turnMs) return go(one, one.since)
      if (waiting.length === 0) emptyAt = one.since
      waiting.push(one)
    },
    standBack() {
      hasAccepted = true
      arm()
    },
  }
}

/**
 * Whether the event loop is late and has been for long, which one thing that stopped it for a moment
 * does not make it; it is asked to come round while there are requests.
 */
function createClock(): { isLate(): boolean; stop(): void } {
  let cameRound = 0
  let lastAsked = 0
  let lateRounds = 0
  let timer: NodeJS.Timeout | undefined
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const comeRound = () => {
    const now = performance.now()
    lateRounds = now - cameRound < mostLateMs ? 0 : lateRounds + 1
    cameRound = now
    if (now - lastAsked > calmMs) stop()
  }
  return {
    isLate() {
      lastAsked = performance.now()
      if (timer) return lateRounds >= leastRounds && lastAsked - cameRound > mostLateMs
      cameRound = lastAsked
      lateRounds = 0
      timer = setInterval(comeRound, everyMs).unref()
      return false
    },
    stop,
  }
}

/** A line each of thousands of refusals would be more to do still: one a second says how many. */
function countRefusals(logger: Logger): { count(): void } {
  let refused = 0
  const tell = () => {
    logger.warn({ refused }, 'Requests were refused: more is asked than can be answered in time.')
    refused = 0
  }
  return {
    count() {
      if (refused === 0) setTimeout(tell, calmMs).unref()
      refused += 1
    },
  }
}
