import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

let isFirst = true

type Props = {
  readonly title: string
  /** What the page is for, in a sentence. */
  readonly lead?: ComponentChildren
  /** What can be done here, beside the title. */
  readonly actions?: ComponentChildren
  readonly children?: ComponentChildren
}

/**
 * The frame of a page. Whoever comes to it by a link finds the focus at its title, as after a page
 * that was loaded.
 */
export function Page({ title, lead, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = `${title} · Marquee`
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    if (!isFirst) window.scrollTo(0, 0)
    isFirst = false
  }, [title])
  return (
    <>
      <header class="page-head">
        <div>
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {lead && <p class="lead">{lead}</p>}
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  )
}

type CardProps = {
  readonly title?: ComponentChildren
  readonly note?: ComponentChildren
  readonly actions?: ComponentChildren
  /** Takes the whole width of a grid of cards. */
  readonly isWide?: boolean
  readonly children?: ComponentChildren
}

/** One thing that a page shows, with its name. */
export function Card({ title, note, actions, isWide, children }: CardProps) {
  return (
    <section class={isWide ? 'card wide' : 'card'}>
      {(title || actions) && (
        <header class="card-head">
          {title && <h2>{title}</h2>}
          {actions && <div class="actions">{actions}</div>}
        </header>
      )}
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  )
}
