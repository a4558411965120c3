import { useCallback, useEffect, useRef, useState } from 'preact/hooks'

/** An answer of the API as a page has it: what came last, and why it is not newer. */
export type Answer<Data> = {
  readonly data: Data | undefined
  readonly error: unknown
  readonly isLoading: boolean
  /** Asks again; what is shown stays until there is something else. */
  readonly reload: () => void
}

type Options = {
  /** Asks again after so long, while somebody looks at the page. */
  readonly everyMs?: number | undefined
}

/**
 * What `load` gives, asked for anew whenever a part of `asked` changes. An answer that comes too late,
 * after another question, is dropped.
 */
export function useAnswer<Data>(
  asked: readonly unknown[],
  load: (signal: AbortSignal) => Promise<Data>,
  { everyMs }: Options = {},
): Answer<Data> {
  const question = JSON.stringify(asked)
  const [state, setState] = useState<{ question: string; data?: Data; error?: unknown }>()
  const [turn, setTurn] = useState(0)
  const isAsking = useRef(false)
  const newest = useRef(load)
  newest.current = load

  useEffect(() => {
    const stop = new AbortController()
    const settle = (next: Parameters<typeof setState>[0]) => {
      if (stop.signal.aborted) return
      isAsking.current = false
      setState(next)
    }
    isAsking.current = true
    newest.current(stop.signal).then(
      (data) => settle({ question, data }),
      (error: unknown) =>
        settle((last) => ({
          ...(last?.question === question && last),
          question,
          error,
        })),
    )
    return () => stop.abort()
  }, [question, turn])

  const reload = useCallback(() => setTurn((last) => last + 1), [])
  useEffect(() => {
    if (everyMs === undefined) return
    const timer = setInterval(() => document.hidden || isAsking.current || reload(), everyMs)
    return () => clearInterval(timer)
  }, [everyMs, reload])

  const isPresent = state?.question === question
  return {
    data: isPresent ? state.data : undefined,
    error: isPresent ? state.error : undefined,
    isLoading: !isPresent,
    reload,
  }
}
