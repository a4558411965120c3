import { useRef } from 'preact/hooks'

/** The last value that was there: what is shown until there is something newer. */
export function useKept<Value>(value: Value | undefined): Value | undefined {
  const last = useRef(value)
  if (value !== undefined) last.current = value
  return last.current
}
