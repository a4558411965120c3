import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A service that answers one request after the other as is said, and keeps what it was asked. */
export async function serve(t: TestContext, answers: Answer[]) {
  const asked: {
    method: string
    url: string
    headers: IncomingMessage['headers']
    body: string
  }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (bytes) => {
      body += bytes
    })
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      asked.push({ method, url, headers, body })
      answers[Math.min(asked.length, answers.length) - 1]!(request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return { asked, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

export const json =
  (status: number, body: object, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }

/** What asks to be asked again at once. */
export const busy = json(503, { code: 'overloaded', title: 'Too much' }, { 'retry-after': '0.01' })

/** What asks to be asked again, and may have been done all the same. */
export const down = json(
  503,
  { code: 'store-unavailable', title: 'Away' },
  { 'retry-after': '0.01' },
)

/** A stream of events that asks to be opened again at once, cut in the midst of a frame or ended. */
export const stream =
  (text: string, isCut = false): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(`retry: 10\n: connected\n\n${text}`)
    if (isCut) setTimeout(() => response.destroy(), 50)
    else response.end()
  }
export const epoch = (id: number) => `id: ${id}\nevent: epoch\ndata: {"epoch":${id}}\n\n`
