import { useSignal } from '@preact/signals'
import { announce } from '../state/live-region.ts'
import { isLoggedIn } from '../state/session.ts'
import { Icon } from './icon.tsx'

/** Puts a text onto the clipboard. */
export function Copy({ text, label }: { text: () => string; label: string }) {
  const isDone = useSignal(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text())
    isDone.value = true
    announce('Copied.')
    setTimeout(() => {
      isDone.value = false
    }, 2_000)
  }
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      <Icon name={isDone.value ? 'check' : 'copy'} />
      {isDone.value ? 'Copied' : label}
    </button>
  )
}

export type Call = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Of the API, with its query. */
  readonly path: string
  readonly body?: unknown
  /** The name of a file that is the body. */
  readonly file?: string | undefined
}

/** The call as a line for a shell: what the console does, anybody can do. */
export function CopyCurl({ call }: { call: Call }) {
  return <Copy text={() => curlOf(call, location.origin, isLoggedIn.value)} label="Copy as curl" />
}

/** The key is left out: the line is for notes and tickets. */
export function curlOf(
  { method, path, body, file }: Call,
  origin: string,
  hasKey: boolean,
): string {
  const words = [`curl ${quoted(origin + path)}`]
  if (method !== 'GET') words.push(`-X ${method}`)
  if (hasKey) words.push('-H "authorization: Bearer $MARQUEE_KEY"')
  if (body !== undefined)
    words.push("-H 'content-type: application/json'", `-d ${quoted(JSON.stringify(body))}`)
  if (file !== undefined) words.push(`-T ${quoted(file)}`)
  return words.join(' \\\n  ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
