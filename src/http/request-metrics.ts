import type { FastifyReply, FastifyRequest } from 'fastify'
import { Counter, type Registry } from 'prom-client'
import type { App } from './app-type.ts'
import { wasLimited } from './keys/limits.ts'
import { prepareHistogram } from './prepared-histogram.ts'
import { wasShed } from './shedding.ts'

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
/** The route of what has none. */
const unknown = 'unknown'

type Hook = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void

/**
 * Measures every answer, by route and not by address, and counts those that were refused because too
 * much was asked. Each route that is added after it gets a hook of its own, which keeps one observer for
 * each status: to look them up by labels for each answer would cost more. Of streams it is the time until
 * they end. Gives the hook for what has no route, to be run before its answer.
 */
export function measureRequests(app: App, register: Registry): { unrouted: Hook } {
  const duration = prepareHistogram(register, {
    name: 'http_request_duration_seconds',
    help: 'Time from the head of a request to the end of its answer.',
    buckets: seconds,
  })
  const shed = new Counter({
    name: 'http_requests_shed_total',
    help: 'Requests refused since more was asked than could be answered (overloaded) or than the key may ask (rate-limit).',
    labelNames: ['reason'],
    registers: [register],
  })
  const [overloaded, limited] = [shed.labels('overloaded'), shed.labels('rate-limit')]
  overloaded.inc(0)
  limited.inc(0)

  const observing = (method: string, route: string) => {
    const observers = new Map<number, (seconds: number) => void>()
    return (reply: FastifyReply) => {
      const { statusCode } = reply
      let observe = observers.get(statusCode)
      if (!observe) {
        observe = duration.prepare({ method, route, status_code: `${statusCode}` })
        observers.set(statusCode, observe)
      }
      observe(reply.elapsedTime / 1_000)
    }
  }
  app.addHook('onRoute', (route) => {
    const observe = observing([route.method].flat().join(), route.url)
    const hook: Hook = (request, reply, done) => {
      observe(reply)
      if (reply.statusCode === 503 && wasShed(request)) overloaded.inc()
      if (reply.statusCode === 429 && wasLimited(request)) limited.inc()
      done()
    }
    route.onResponse = [...[route.onResponse ?? []].flat(), hook]
  })
  /** By method, of which Node reads some three dozen. */
  const unrouted = new Map<string, (reply: FastifyReply) => void>()
  return {
    unrouted({ method }, reply, done) {
      const observe = unrouted.get(method) ?? observing(method, unknown)
      unrouted.set(method, observe)
      reply.raw.once('close', () => observe(reply))
      done()
    },
  }
}
