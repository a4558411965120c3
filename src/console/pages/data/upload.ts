import { ProblemError, type Schemas } from '../../../../clients/typescript/src/client.ts'
import { isKeyWanted, key } from '../../state/session.ts'

export type Report = Schemas['ImportReport'] & { scale?: Schemas['ScaleReport'] }

/** What came of a file, by what was in it. */
export type Reports = {
  readonly parts: readonly { readonly name: string; readonly report: Report }[]
  readonly skipped: readonly string[]
}

/**
 * Sends a file and tells how much of it has gone; 1 once the service has all of it and reads on. By
 * XMLHttpRequest, as `fetch` tells nothing of that.
 */
export function upload(
  path: string,
  file: File,
  onShare: (share: number) => void,
  signal: AbortSignal,
): Promise<Reports> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    signal.addEventListener('abort', () => request.abort())
    request.upload.onprogress = ({ loaded, total }) => onShare(loaded / Math.max(1, total))
    request.onabort = () => reject(signal.reason)
    request.onerror = () => reject(new Error('The service cannot be reached.'))
    request.onload = () => {
      const { status, responseText } = request
      if (status === 401) isKeyWanted.value = true
      const headers = { 'x-request-id': request.getResponseHeader('x-request-id') ?? '' }
      const body = parsed(responseText)
      if (status === 200) resolve(reportsOf(body as object))
      else reject(new ProblemError(new Response(null, { status, headers }), body))
    }
    request.open('POST', path)
    request.setRequestHeader('content-type', 'application/octet-stream')
    if (key.value !== null) request.setRequestHeader('authorization', `Bearer ${key.value}`)
    request.send(file)
  })
}

function reportsOf(answer: object): Reports {
  if ('segment' in answer)
    return { parts: [{ name: 'file', report: answer as Report }], skipped: [] }
  const { skipped, ...parts } = answer as Schemas['ArchiveReport']
  return {
    parts: Object.entries(parts).flatMap(([name, report]) => (report ? [{ name, report }] : [])),
    skipped,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
