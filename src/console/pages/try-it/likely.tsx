import { fixed } from '../../text.ts'
import { type Interval, level } from './trial.ts'

type Props = {
  readonly rating: number
  readonly interval: Interval | null
  readonly scale: readonly [lowest: number, highest: number]
}

/** A predicted rating, and where the real one is likely to be, on the scale of the ratings. */
export function Likely({ rating, interval, scale: [lowest, highest] }: Props) {
  const at = (value: number) => `${(100 * (value - lowest)) / (highest - lowest)}%`
  const digits = highest - lowest >= 20 ? 0 : 1
  return (
    <div class="likely">
      <span class="likely-bar" aria-hidden="true">
        {interval && (
          <i style={{ left: at(interval.lowest), right: `calc(100% - ${at(interval.highest)})` }} />
        )}
        <b style={{ left: at(rating) }} />
      </span>
      <span class="likely-text">
        <span class="unseen">Predicted rating </span>
        <strong>{fixed(rating, digits)}</strong>
        {interval && (
          <>
            <span class="unseen">, in {10 * level} of 10 cases from </span>
            <small>
              {fixed(interval.lowest, digits)}
              <span aria-hidden="true">–</span>
              <span class="unseen"> to </span>
              {fixed(interval.highest, digits)}
            </small>
          </>
        )}
      </span>
    </div>
  )
}
