import { type EventSourceMessage, EventSourceParserStream } from 'eventsource-parser/stream'
import type { Client } from 'openapi-fetch'
import type { components, paths } from './api.ts'
import { ProblemError } from './problem.ts'
import { delay } from './retrying.ts'

type Schemas = components['schemas']

/** An event of a training job; `progress` has no id, as it is not told again. */
export type JobEvent =
  | { id: string; type: 'started'; data: { attempt: number } }
  | { id: string; type: 'epoch'; data: Schemas['EpochReport'] }
  | { id: string; type: 'point'; data: { learningRate: number; loss: number } }
  | { id: string; type: 'trial'; data: Schemas['Trial'] }
  | { id: string; type: 'promotion'; data: Schemas['Promotion'] }
  | { id: string; type: 'ended'; data: { state: 'completed' | 'failed' | 'cancelled' } }
  | { id: null; type: 'progress'; data: Schemas['JobProgress'] }

type Options = { signal?: AbortSignal; after?: string }

/**
 * The events of a job until it has ended or the signal aborts. Where the connection is cut it asks
 * again for what came after the last one; a `ProblemError` where the service refuses.
 */
export async function* followJob(
  client: Client<paths>,
  id: string,
  { signal, after }: Options,
): AsyncGenerator<JobEvent> {
  let last = after
  let pauseMs = 2_000
  while (!signal?.aborted) {
    try {
      const onRetry = (ms: number) => {
        pauseMs = ms
      }
      for await (const message of messages(await open(client, id, last, signal), onRetry)) {
        last = message.id ?? last
        const { event: type, data } = message
        yield { id: message.id ?? null, type, data: JSON.parse(data) } as JobEvent
        if (type === 'ended') return
      }
    } catch (error) {
      const isFinal = error instanceof ProblemError && error.status < 500
      if (signal?.aborted) return
      if (isFinal) throw error
    }
    await delay(pauseMs, signal).catch(() => {})
  }
}

/** The body of the stream that begins after the event with the given id. */
async function open(client: Client<paths>, id: string, last?: string, signal?: AbortSignal) {
  const { data, error, response } = await client.GET('/v1/training-jobs/{id}/events', {
    params: { path: { id }, ...(last !== undefined && { header: { 'last-event-id': last } }) },
    parseAs: 'stream',
    ...(signal && { signal }),
  })
  if (!data) throw new ProblemError(response, error)
  return data
}

/** By a reader: not every browser can iterate over a stream. */
async function* messages(
  body: ReadableStream<Uint8Array>,
  onRetry: (ms: number) => void,
): AsyncGenerator<EventSourceMessage> {
  const decoder = new TextDecoderStream() as TransformStream<Uint8Array, string>
  const parser = new EventSourceParserStream({ onRetry })
  const reader = body.pipeThrough(decoder).pipeThrough(parser).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
