import { type ErrorCode, type InputProblem, MarqueeError } from '../../errors.ts'
import type { ObjectStore } from '../object-store.ts'
import type { ImportKind } from './imports.ts'

/** What an import reads and writes of a store; none opens an object. */
export type StoreCall = Exclude<keyof ObjectStore, 'open' | PutCall>
/** What takes bytes, which are asked for part by part. */
export type PutCall = 'put' | 'putIfAbsent' | 'putIfPresent'

/** What the thread of an import is started with. */
export type ImportWork = {
  readonly kind: ImportKind
  /** Without `tryOut`, which is asked for where `isTried`. */
  readonly options: Readonly<Record<string, unknown>>
  readonly isTried: boolean
}

/** What the thread asks of whoever started it: the next bytes, something of the store, a trial. */
export type ImportQuestion =
  | { readonly id: number; readonly call: 'chunk' }
  | { readonly id: number; readonly call: 'tryOut'; readonly args: readonly [Uint8Array] }
  | { readonly id: number; readonly call: StoreCall; readonly args: readonly unknown[] }
  | { readonly id: number; readonly call: PutCall; readonly args: readonly [key: string] }

/** The answer to a question; of one that failed only that, whose error stays where it arose. */
export type ImportAnswer = { readonly id: number; readonly value?: unknown; readonly failed?: true }

/** Asks the thread for the next part of what it puts with a question, or for the first one. */
export type PartWanted = { readonly partOf: number; readonly isFirst: boolean }

/** The part, the thread's no more; null behind the last one. */
export type PartAnswer = { readonly partOf: number } & (
  | { readonly part: Uint8Array | null }
  | { readonly noPart: SentError }
)

export type ImportMessage =
  | ImportQuestion
  | PartAnswer
  | { readonly report: unknown }
  | { readonly failed: SentError }

/** An error as it goes from a thread to another; `question` is the one whose answer was a failure. */
export type SentError = {
  readonly isOurs: boolean
  readonly code: string | undefined
  readonly syscall: string | undefined
  readonly message: string
  readonly stack: string | undefined
  readonly problems: readonly InputProblem[]
  readonly extra: Readonly<Record<string, string>>
  readonly cause: SentError | null
  readonly question: number | undefined
}

/** Thrown in the thread where a question failed. */
export class FailedQuestion extends Error {
  readonly question: number

  constructor(question: number) {
    super('What an import asked for failed.')
    this.question = question
  }
}

export function sentError(error: unknown): SentError {
  const { code, syscall, stack, cause } = error as NodeJS.ErrnoException & { cause?: unknown }
  return {
    isOurs: error instanceof MarqueeError,
    ...{ code, syscall, stack },
    message: error instanceof Error ? error.message : String(error),
    problems: error instanceof MarqueeError ? error.problems : [],
    extra: error instanceof MarqueeError ? error.extra : {},
    cause: cause instanceof Error ? sentError(cause) : null,
    question: error instanceof FailedQuestion ? error.question : undefined,
  }
}

/** The error that was sent; one of a question is the error that it failed with, itself. */
export function receivedError(sent: SentError, failures: ReadonlyMap<number, unknown>): unknown {
  const { isOurs, code, syscall, message, stack, problems, extra } = sent
  if (sent.question !== undefined) return failures.get(sent.question)
  const cause = sent.cause ? { cause: receivedError(sent.cause, failures) } : {}
  if (isOurs) {
    const error = new MarqueeError(code as ErrorCode, message, { ...cause, problems, extra })
    return Object.assign(error, stack !== undefined && { stack })
  }
  const known = { ...(code !== undefined && { code }), ...(syscall !== undefined && { syscall }) }
  return Object.assign(new Error(message, cause), known, stack !== undefined && { stack })
}
