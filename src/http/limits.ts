import type { IncomingMessage } from 'node:http'

/** The longest time that the body of a JSON request may take. */
export const jsonBodyMs = 30_000

/** Limits of what a client takes of the server; Fastify's own defaults leave most of them open. */
export const limits = {
  /**
   * For JSON: 1,000 pairs of the longest ids are 300 kB. Imports have their own, much higher limit.
   */
  bodyLimit: 1_048_576,
  /**
   * A whole request, body included. Node can tell no route from another here, so it is the time
   * that the largest import may take: 4 GiB in six hours is 1.6 Mbit/s. JSON bodies have
   * `jsonBodyMs`.
   */
  requestTimeout: 6 * 3_600_000,
  /**
   * Silence on a connection in both directions. Streams of events send a comment every 15 s, an
   * import is silent only while its last rows are sorted and written.
   */
  connectionTimeout: 300_000,
  /** Longer than the 60 s of usual proxies: the side that opened a connection should close it. */
  keepAliveTimeout: 72_000,
  /** Headers must be there in so long, whatever comes after them; every five seconds it is seen. */
  http: {
    headersTimeout: 20_000,
    connectionsCheckingInterval: 5_000,
    // Node would refuse a request without Host in no words: `nameAndGuardAnswers` does.
    requireHostHeader: false,
  },
  /** An id of 128 characters, each up to nine when it is percent-encoded. */
  routerOptions: { maxParamLength: 1_200 },
  // No handlerTimeout: it stops no work that does not heed it, and would end imports and streams.
}

/** Ends the connection when the request's body has not arrived by then. */
export function endUnlessWhole(request: IncomingMessage, ms: number): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.destroy()
  }, ms).unref()
  request.once('close', () => clearTimeout(timer))
}
