import createFetchClient, { type Client } from 'openapi-fetch'
import type { components, paths } from './api.ts'
import { followJob, type JobEvent } from './events.ts'
import { ProblemError } from './problem.ts'
import { retrying } from './retrying.ts'
import { withToken } from './token.ts'

/** The objects of the API by their names in openapi.yaml. */
export type Schemas = components['schemas']
export type { JobEvent, paths }
export { ProblemError }

export type ClientOptions = {
  /** Where the service is, as in `https://films.example`. */
  baseUrl: string
  /** The API key, or how to get the present one; none where the service needs none. */
  key?: string | (() => string | null)
  /**
   * Gets a user token, as from your backend, in place of a key: before the first request, and again when
   * that one has expired.
   */
  token?: () => Promise<string>
  /**
   * How often a request that was refused with 503 and `Retry-After` is sent again; 3 unless told. A POST
   * that may have been done and would be done twice is not.
   */
  retries?: number
  fetch?: (request: Request) => Promise<Response>
}

export type Marquee = Client<paths> & {
  /** The events of a training job until it has ended, however often the connection is cut. */
  follow(
    jobId: string,
    options?: { signal?: AbortSignal; after?: string },
  ): AsyncGenerator<JobEvent>
}

/**
 * A typed client: `GET`, `PUT`, `POST`, `PATCH` and `DELETE` take a path of openapi.yaml and its
 * parameters. Each POST bears an `Idempotency-Key`, which batches of ratings heed.
 */
export function createMarquee(options: ClientOptions): Marquee {
  const { baseUrl, key, token, retries = 3 } = options
  const { fetch = (request) => globalThis.fetch(request) } = options
  const patient = retrying(fetch, retries)
  const client = createFetchClient<paths>({
    baseUrl,
    fetch: token ? withToken(patient, token) : patient,
  })
  client.use({
    onRequest({ request }) {
      const present = typeof key === 'function' ? key() : key
      if (present) request.headers.set('authorization', `Bearer ${present}`)
      if (request.method === 'POST' && !request.headers.has('idempotency-key'))
        request.headers.set('idempotency-key', randomKey())
    },
  })
  return Object.assign(client, {
    follow: (id: string, following = {}) => followJob(client, id, following),
  })
}

/** 128 random bits. Pages that came over plain HTTP have no `crypto.randomUUID`. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

type Answered<Data> = { data?: Data; error?: unknown; response: Response }

/** What was answered; a `ProblemError` where that is an error. */
export async function dataOf<Data>(answered: Promise<Answered<Data>>): Promise<Data> {
  const { data, error, response } = await answered
  // An answer without a body has neither.
  if (error === undefined && response.ok) return data as Data
  throw new ProblemError(response, error)
}

type Page<Item> = { items: Item[]; nextCursor: string | null }

/** The items of all pages, the next page being asked for when it is come to. */
export async function* eachItem<Item>(
  page: (cursor: string | undefined) => Promise<Answered<Page<Item>>>,
): AsyncGenerator<Item> {
  for (let cursor: string | undefined; ; ) {
    const { items, nextCursor } = await dataOf(page(cursor))
    yield* items
    if (nextCursor === null) return
    cursor = nextCursor
  }
}
