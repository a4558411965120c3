import { useId } from 'preact/hooks'
import { significant } from '../text.ts'

type Props = {
  /** What is rated. */
  readonly title: string
  readonly scale: readonly [lowest: number, highest: number]
  readonly value: number | null
  readonly onRate: (rating: number) => void
}

/** Five stars, whatever the scale of the ratings is: the arrow keys move from one to the next. */
export function Stars({ title, scale, value, onRate }: Props) {
  const name = useId()
  const steps = stepsOf(scale)
  return (
    <fieldset class="stars">
      <legend class="unseen">Your rating of {title}</legend>
      {steps.map((step) => (
        <label key={step} class={value !== null && value >= step ? 'on' : ''}>
          <input
            type="radio"
            name={name}
            class="unseen"
            checked={value === step}
            onChange={() => onRate(step)}
          />
          <svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">
            <path d="m12 3.2 2.7 5.6 6.1.8-4.5 4.3 1.1 6.1-5.4-3-5.4 3 1.1-6.1L3.2 9.6l6.1-.8z" />
          </svg>
          <span class="unseen">
            {significant(step, 3)} of {significant(scale[1], 3)}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** Five ratings at equal distances: 1 to 5 of a scale of 0.5 to 5, 2 to 10 of one of 1 to 10. */
function stepsOf([lowest, highest]: readonly [number, number]): number[] {
  return [1, 2, 3, 4, 5].map((step) =>
    lowest >= 0 ? (highest * step) / 5 : lowest + ((highest - lowest) * (step - 1)) / 4,
  )
}
