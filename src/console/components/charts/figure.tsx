import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

type Props = {
  readonly title: string
  readonly note?: ComponentChildren
  /** The same numbers as they are. */
  readonly table: ComponentChildren
  readonly children: ComponentChildren
}

/** A drawing with its name, and behind it a table of what it shows. */
export function Figure({ title, note, table, children }: Props) {
  const isTable = useSignal(false)
  return (
    <figure class="chart">
      <figcaption>
        <strong>{title}</strong>
        <button
          type="button"
          class="plain"
          aria-pressed={isTable.value}
          onClick={() => {
            isTable.value = !isTable.value
          }}
        >
          {isTable.value ? 'Chart' : 'Table'}
          <span class="unseen"> of {title}</span>
        </button>
      </figcaption>
      {note && <p class="note">{note}</p>}
      {isTable.value ? table : children}
    </figure>
  )
}
