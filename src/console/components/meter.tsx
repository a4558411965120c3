type Props = {
  readonly value: number
  /** The ends of what is shown; with values below zero the bar begins at zero. */
  readonly from: number
  readonly to: number
}

/** A small bar beside a number in a table, for the eye alone. */
export function Meter({ value, from, to }: Props) {
  const at = (x: number) => Math.min(100, Math.max(0, (100 * (x - from)) / (to - from)))
  const zero = at(Math.max(from, 0))
  const end = at(value)
  return (
    <span class="meter" aria-hidden="true">
      <i
        class={value < 0 ? 'under' : ''}
        style={{ left: `${Math.min(zero, end)}%`, width: `${Math.abs(end - zero)}%` }}
      />
    </span>
  )
}
