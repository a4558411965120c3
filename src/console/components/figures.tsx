import type { ComponentChildren } from 'preact'

export type Figure = {
  readonly name: string
  readonly value: ComponentChildren
  /** What it is to be read beside. */
  readonly note?: ComponentChildren
}

/** A row of numbers that matter, each with its name. */
export function Figures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl class="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <b>{value}</b>
            {note && <span>{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

export type Tone = 'good' | 'warn' | 'bad' | 'neutral'

/** A word about how something is, in its colour. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  tone?: Tone
  children: ComponentChildren
}) {
  return <span class={`badge ${tone}`}>{children}</span>
}

/** How far something is, from 0 to 1. */
export function Bar({ share, label }: { share: number; label: string }) {
  return <progress class="bar" max={1} value={share} aria-label={label} />
}
