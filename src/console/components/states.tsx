import type { ComponentChildren } from 'preact'
import { ProblemError } from '../../../clients/typescript/src/client.ts'
import type { Answer } from '../state/use-answer.ts'

/** Nothing to show yet, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p>
        <strong>{title}</strong>
      </p>
      {children && <p>{children}</p>}
    </div>
  )
}

/** Something is on its way. */
export function Loading({ what = 'Loading' }: { what?: string }) {
  return (
    <p class="loading" aria-busy="true">
      {what} …
    </p>
  )
}

type FailureProps = { readonly error: unknown; readonly onRetry?: (() => void) | undefined }

/** What went wrong, in the words of the service, and the id by which its log knows the request. */
export function Failure({ error, onRetry }: FailureProps) {
  const isOfService = error instanceof ProblemError
  const problem = isOfService ? error.problem : null
  // `fetch` says of whatever stands between that it failed.
  const isAway = !(error instanceof Error) || error instanceof TypeError
  const text = isAway ? 'The service cannot be reached.' : error.message
  const requestId = isOfService ? error.requestId : null
  return (
    <div class="failure" role="alert">
      <p>
        <strong>{problem?.title ?? 'That did not work'}.</strong> {text}
      </p>
      {problem && problem.errors.length > 0 && (
        <ul>
          {problem.errors.map(({ pointer, detail }) => (
            <li key={pointer}>
              <code>{pointer}</code>: {detail}
            </li>
          ))}
        </ul>
      )}
      <p class="fine">
        {problem && (
          <>
            <a href={`/docs/errors#${problem.code}`}>{problem.code}</a>
            {' · '}
          </>
        )}
        {requestId && (
          <>
            request <code>{requestId}</code>
          </>
        )}
        {onRetry && (
          <button type="button" class="plain" onClick={onRetry}>
            Try again
          </button>
        )}
      </p>
    </div>
  )
}

type AnsweredProps<Data> = {
  readonly answer: Answer<Data>
  readonly what?: string
  readonly children: (data: Data) => ComponentChildren
}

/** What was answered, or why it is not there; an older answer stays while a newer one fails. */
export function Answered<Data>({ answer, what, children }: AnsweredProps<Data>) {
  const { data, error, reload } = answer
  return (
    <>
      {error !== undefined && <Failure error={error} onRetry={reload} />}
      {data === undefined
        ? error === undefined && <Loading what={what ?? 'Loading'} />
        : children(data)}
    </>
  )
}
