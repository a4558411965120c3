import type { components } from './api.ts'

/** A problem document (RFC 9457): `code` is stable, `detail` is for people. */
export type Problem = components['schemas']['Problem']

/** What the service, or a proxy before it, refused, and why. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  /** Null where the answer was no problem document, as those of proxies are not. */
  readonly problem: Problem | null
  /** Names the request in the log of the service. */
  readonly requestId: string | null

  constructor({ status, headers }: Response, body: unknown) {
    const problem = isProblem(body) ? body : null
    super(problem?.detail ?? problem?.title ?? `The service answered with status ${status}.`)
    this.status = status
    this.problem = problem
    this.requestId = headers.get('x-request-id')
  }
}

/** The problem document of an answer, whose body stays to be read; null where it is none. */
export async function problemOf(response: Response): Promise<Problem | null> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  return isProblem(body) ? body : null
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'code' in body && 'title' in body
}
