import { MarqueeError } from '../../errors.ts'

/** The calls of the demo, over plain HTTP as any client makes them. */
export type Api = {
  /** The address of the API, without a slash at the end. */
  readonly base: string
  get<Answer>(path: string): Promise<Answer>
  post<Answer>(path: string, body: unknown): Promise<Answer>
  upload<Answer>(path: string, bytes: Uint8Array): Promise<Answer>
  /** The server-sent events of an address until the server ends them. */
  events(path: string): AsyncGenerator<{ event: string; data: unknown }>
  /** Resolves when the address answers at all. */
  waitFor(path: string): Promise<void>
}

const pollMs = 100

/** The calls to the API at `base`; an `internal` error has the server's words where it refuses. */
export function createApi(base: string): Api {
  const call = async (path: string, init?: RequestInit): Promise<Response> => {
    const response = await fetch(base + path, init)
    if (response.ok) return response
    throw new MarqueeError(
      'internal',
      `${path} answered ${response.status}: ${await response.text()}`,
    )
  }
  const json = async <Answer>(path: string, init?: RequestInit) =>
    (await call(path, init)).json() as Promise<Answer>

  return {
    base,
    get: (path) => json(path),
    post: (path, body) =>
      json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    upload: (path, bytes) =>
      json(path, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: bytes as Uint8Array<ArrayBuffer>,
      }),
    async *events(path) {
      const { body } = await call(path, { headers: { accept: 'text/event-stream' } })
      if (!body) return
      let rest = ''
      for await (const text of body.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + text).split('\n\n')
        rest = blocks.pop() ?? ''
        for (const block of blocks) {
          const field = (name: string) => block.match(new RegExp(`^${name}: (.*)$`, 'm'))?.[1]
          const data = field('data')
          if (data !== undefined)
            yield { event: field('event') ?? 'message', data: JSON.parse(data) }
        }
      }
    },
    async waitFor(path) {
      for (;;) {
        const isThere = await fetch(base + path).then(
          (response) => response.ok,
          () => false,
        )
        if (isThere) return
        await new Promise((resolve) => setTimeout(resolve, pollMs))
      }
    },
  }
}
